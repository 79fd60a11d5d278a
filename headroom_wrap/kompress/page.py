"""What a text looks like with only some of its word groups left: marks, line breaks, one count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from headroom_wrap.kompress.words import Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

_GAP = 3
"""Words in a row that get a mark of their own where they were."""
_MARK = "…"
_NOTE = "[… {gone} words]\n"
_BREAK = re.compile(r"\r?\n\s*$")


class Page:
    """A text and its groups, measured once: a budget is searched by looking at many selections."""

    def __init__(self, text: str, groups: Sequence[Group]) -> None:
        import numpy as np

        self._text = text
        self._starts = [group.start for group in groups]
        self._ends = [group.end for group in groups]
        self._unit = np.asarray([group.unit for group in groups], np.int64)
        self._fixed = np.asarray([group.fixed for group in groups], np.bool_)
        self._apart = np.asarray(self._starts[1:]) != np.asarray(self._ends[:-1])

    def kept(self, best: NDArray[np.int64]) -> Flags:
        """Which groups stay if the `best` do: what is fixed stays while anything beside it does."""
        import numpy as np

        kept: Flags = self._fixed & np.isin(self._unit, self._unit[best])
        kept[best] = True
        return kept

    def shown(self, kept: Flags) -> str:
        """The kept groups, a mark for every longer gap, and one note that counts the words."""
        import numpy as np

        turns = np.ones(len(kept) + 1, np.bool_)
        turns[1:-1] = (kept[1:] != kept[:-1]) | (kept[1:] & self._apart)
        parts: list[str] = []
        gone = 0
        for first, end in pairwise(np.flatnonzero(turns).tolist()):
            start, stop = self._starts[first], self._ends[end - 1]
            if kept[first]:
                parts.append(self._text[start:stop])
            else:
                gone += _close(self._text[start:stop], parts)
        shown = "".join(parts)
        return _NOTE.format(gone=gone) + shown if gone else shown


def _close(stretch: str, parts: list[str]) -> int:
    """End a gap: its mark if it is long, and the line break it stood before."""
    count = len(stretch.split())
    before = parts[-1][-1:] if parts else "\n"
    if count >= _GAP:
        lead = "" if before.isspace() else " "
        parts.append(lead + _MARK + " ")
    last = _BREAK.search(stretch, len(stretch.rstrip()))
    if last and not (parts and parts[-1].endswith("\n")):
        if parts:
            parts[-1] = parts[-1].rstrip(" ")
        parts.append(last.group())
    return count
