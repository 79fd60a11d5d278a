"""A log with its repetitive lines counted in place instead of shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors.log.choose import choose
from headroom_wrap.compressors.log.templates import Groups, group
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Squeezed

_MIN_LINES = 12
_LEAST_GAP = 2
_SUMMED = 12
_NAME_WIDTH = 90


def fold(text: str, query: str, name: str) -> Squeezed | None:
    """The log with rare, alarming and asked-for lines in full, or None if most of it is that."""
    lines = text.split("\n")
    if len(lines) < _MIN_LINES:
        return None
    groups = group(text)
    shown = choose(lines, groups, wanted(query, lines))
    gaps = tuple(_gaps(shown, lines))
    hidden = sum(end - start for start, end in gaps)
    if hidden * 10 < len(lines):
        return None
    parts: list[str] = []
    at = 0
    for start, end in gaps:
        parts += lines[at:start]
        parts.append(_note(groups, start, end))
        at = end
    parts += lines[at:]
    return Squeezed("\n".join(parts), name, exact=False, gaps=gaps)


def _gaps(shown: list[bool], lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of hidden lines; a run that costs less than its note is not worth one."""
    start = None
    for i, keep in enumerate([*shown, True]):
        if not keep and start is None:
            start = i
        elif keep and start is not None:
            if i - start >= _LEAST_GAP or len(lines[start]) > 60:
                yield start, i
            start = None


def _note(groups: Groups, start: int, end: int) -> str:
    kinds = Counter(groups.of[start:end])
    count = end - start
    if len(kinds) == 1:
        return f"[… {count} similar line{'s' * (count > 1)}]"
    return f"[… {count} lines of {len(kinds)} kinds shown above]"
