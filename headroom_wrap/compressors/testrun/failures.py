"""Inside failures: what broke and the project's own code shown, library code counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from headroom_wrap.compressors._labels import QUIET
from headroom_wrap.compressors.stacktrace.fold import frame_labels
from headroom_wrap.compressors.stacktrace.frames import has_frames
from headroom_wrap.compressors.stacktrace.library import is_library

# pytest parts the frames of its long tracebacks with rules, and titles each failure.
_RULE = re.compile(r"(?:_ ){8,}_?\s*$")
_TITLE = re.compile(r"(?:_{3,}|={3,}|-{3,}) .* (?:_{3,}|={3,}|-{3,})$")
_PLACE = re.compile(r"(?P<path>[^\s>][^:\n]*):\d+: ?(?P<why>in .+|[A-Za-z_][\w.]*)?$")
TELLING = re.compile(r"[>E]  |E$")
_LIBRARY_CODE = "line of library code|lines of library code"
_SOURCE = "line of source|lines of source"
# Of a long test function: its head, and what was run just before it broke.
_HEAD, _NEAR = 6, 15


def label_failures(lines: Sequence[str], labels: list[str], asked: Callable[[str], bool]) -> None:
    """Label library code and the far parts of long functions in tracebacks, in place."""
    if has_frames("\n".join(lines)):
        for i, label in enumerate(frame_labels(lines, asked)):
            labels[i] = labels[i] or label
    for start, end in _entries(lines):
        at = start
        for place in range(start, end):
            match = _PLACE.match(lines[place])
            if match is None:
                continue
            library = is_library(f' "{lines[place]}', "place")
            if (match["why"] or "").startswith("in "):
                if library:
                    _label_short(lines, labels, place, end)
            else:
                _label_code(lines, labels, at, place, library)
            at = place + 1


def _entries(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The ranges of lines between the titles and rules of pytest's failures."""
    start = -1
    for i, line in enumerate(lines):
        if line[:1] not in ("_", "=", "-") or not (_RULE.match(line) or _TITLE.match(line)):
            continue
        if start >= 0:
            yield start, i
        start = i + 1 if line.startswith("_") else -1


def _label_short(lines: Sequence[str], labels: list[str], place: int, end: int) -> None:
    """`path:12: in call` with its source line below."""
    labels[place] = labels[place] or "library frame"
    after = place + 1
    while after < end and lines[after].startswith(" "):
        labels[after] = labels[after] or QUIET
        after += 1


def _label_code(
    lines: Sequence[str], labels: list[str], start: int, place: int, library: bool
) -> None:
    """The code of a function, with its place in the last line."""
    code = [i for i in range(start, place) if lines[i][:4] in ("    ", "")]
    if library:
        hidden = code
    else:
        broke = next((i for i in range(start, place) if lines[i].startswith(">")), place)
        hidden = [i for i in code if i < broke][_HEAD:-_NEAR]
    for i in hidden if len(hidden) > 3 else ():
        labels[i] = labels[i] or (_LIBRARY_CODE if library else _SOURCE)
