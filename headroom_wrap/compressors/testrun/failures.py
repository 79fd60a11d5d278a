"""Inside failures: what broke and the project's own code shown, library code counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from headroom_wrap.compressors._labels import QUIET
from headroom_wrap.compressors.stacktrace.fold import frame_labels
from headroom_wrap.compressors.stacktrace.frames import has_frames
from headroom_wrap.compressors.stacktrace.library import is_library

# pytest parts the frames of its long tracebacks with rules, and titles each failure.
_RULE = re.compile(r"(?:_ ){8,}_?\s*$")
_TITLE = re.compile(r"(?:_{3,}|={3,}|-{3,}) .* (?:_{3,}|={3,}|-{3,})$")
_PLACE = re.compile(r"(?P<path>[^\s>][^:\n]*):\d+: ?(?P<why>in .+|[A-Za-z_][\w.]*)?$")
_DIFF = re.compile(r"E +Full diff:")
_DIFF_CUT = re.compile(r"E +\.\.\.Full output truncated")
_DIFFERS = re.compile(r"E +[-+?] ")
TELLING = re.compile(r"[>E]  |E$")
_LIBRARY_CODE = "line of library code|lines of library code"
_SOURCE = "line of source|lines of source"
_RULES = "dividing line|dividing lines"


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """Of a long function: its head, what was run just before it broke, what that goes on with."""

    head: int
    near: int
    after: int
    least: int = 4
    """Fewer lines than this are not worth a note."""


# The first failures teach the tests; of many others what broke is enough.
_FULL = _Excerpt(6, 15, 40)
_SHORT = _Excerpt(2, 4, 3)
_LEAST = _Excerpt(1, 2, 1, least=2)
_FIRST, _MANY = 2, 6
_FEW = 2


def label_failures(lines: Sequence[str], labels: list[str], asked: Callable[[str], bool]) -> None:
    """Label library code and the far parts of long functions in tracebacks, in place."""
    if has_frames("\n".join(lines)):
        for i, label in enumerate(frame_labels(lines, asked)):
            labels[i] = labels[i] or label
    failures = 0
    for start, end in _entries(lines):
        failures += _TITLE.match(lines[start - 1]) is not None
        excerpt = _FULL if failures <= _FIRST else _SHORT if failures <= _MANY else _LEAST
        between = _between(lines, start, end) if failures > _FIRST else range(0)
        at = start
        for place in range(start, end):
            match = _PLACE.match(lines[place])
            if match is None:
                continue
            library = is_library(f' "{lines[place]}', "place")
            if (match["why"] or "").startswith("in "):
                if library or place in between:
                    _label_short(lines, labels, place, end, "library frame" if library else "frame")
            else:
                _label_code(lines, labels, (at, place), None if library else excerpt)
            at = place + 1
        if failures > _FIRST:
            _label_cut_diff(lines, labels, (start, end))
        if _RULE.match(lines[start - 1]):
            labels[start - 1] = _RULES


def _label_cut_diff(lines: Sequence[str], labels: list[str], span: tuple[int, int]) -> None:
    """Label a diff that pytest cut off before anything differs: above it stands what does."""
    begun = next((i for i in range(*span) if _DIFF.match(lines[i])), span[1])
    ended = next((i for i in range(begun, span[1]) if _DIFF_CUT.match(lines[i])), -1)
    if ended > 0 and not any(map(_DIFFERS.match, lines[begun + 1 : ended])):
        for i in range(begun, ended + 1):
            labels[i] = labels[i] or "line of a cut diff|lines of a cut diff"


def _entries(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The ranges of lines between the titles and rules of pytest's failures."""
    start = -1
    for i, line in enumerate(lines):
        if line[:1] not in ("_", "=", "-") or not (_RULE.match(line) or _TITLE.match(line)):
            continue
        if start >= 0:
            yield start, i
        start = i + 1 if line.startswith("_") else -1


def _between(lines: Sequence[str], start: int, end: int) -> range:
    """Where the frames stand that only lead from the test to what broke."""
    found = ((i, _PLACE.match(lines[i])) for i in range(start, end))
    calls = [i for i, match in found if match and (match["why"] or "").startswith("in ")]
    if len(calls) < _FEW or any(lines[i][:2] == "> " for i in range(start, end)):
        return range(0)
    if any(map(TELLING.match, lines[start:end])):
        return range(calls[0] + 1, calls[-1])
    return range(calls[0], calls[-1] + 1)


def _label_short(lines: Sequence[str], labels: list[str], place: int, end: int, name: str) -> None:
    """`path:12: in call` with its source line below."""
    labels[place] = labels[place] or name
    after = place + 1
    while after < end and lines[after].startswith(" "):
        labels[after] = labels[after] or QUIET
        after += 1


def _label_code(
    lines: Sequence[str], labels: list[str], span: tuple[int, int], excerpt: _Excerpt | None
) -> None:
    """The code of a function, its place in the line behind it; without an excerpt all of it."""
    code = [i for i in range(*span) if lines[i][:4] in ("    ", "")]
    hidden = [code] if excerpt is None else _far(lines, code, span, excerpt)
    for run in hidden:
        for i in run if len(run) >= (excerpt or _FULL).least else ():
            labels[i] = labels[i] or (_SOURCE if excerpt else _LIBRARY_CODE)


def _far(
    lines: Sequence[str], code: list[int], span: tuple[int, int], excerpt: _Excerpt
) -> list[list[int]]:
    """The lines of a function that are far from where it broke, before it and behind it."""
    start, place = span
    broke = next((i for i in range(start, place) if lines[i].startswith(">")), place)
    said = next((i for i in range(broke, place) if TELLING.match(lines[i]) and i > broke), place)
    before = [i for i in code if i < broke]
    after = [i for i in code if broke < i < said]
    return [before[excerpt.head : -excerpt.near], after[excerpt.after :]]


def told(lines: Sequence[str]) -> set[int]:
    """Of each failure the lines that say how it ended: shown however often others ended so.

    The line of source that broke is known when it has been shown twice.
    """
    found: set[int] = set()
    last: list[int] = []
    seen: Counter[str] = Counter()
    for start, end in _entries(lines):
        if _TITLE.match(lines[start - 1]):
            found.update(last)
        ends = [i for i in range(start, end) if TELLING.match(lines[i])]
        seen.update(lines[i] for i in ends)
        last = [i for i in ends if lines[i][0] == "E" or seen[lines[i]] <= _FIRST] or last
    return found | set(last)
