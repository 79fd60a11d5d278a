"""A log with its repetitive lines counted in place instead of shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from headroom_wrap.compressors._fold import fold_ranges, hidden_runs, plural
from headroom_wrap.compressors._labels import counted
from headroom_wrap.compressors.log.choose import choose
from headroom_wrap.compressors.log.entries import show_bodies
from headroom_wrap.compressors.log.templates import Groups, group
from headroom_wrap.types import Squeezed

_MIN_LINES = 12
_LEAST_HIDDEN = 0.1
_LONG = 60


def fold(text: str, asked: Callable[[str], bool], name: str) -> Squeezed | None:
    """The log with rare, alarming and asked-for lines in full, or None if most of it is that."""
    lines = text.split("\n")
    if len(lines) < _MIN_LINES:
        return None
    groups = group(text)
    shown = choose(lines, groups, asked)
    reasons = show_bodies(text, lines, groups, shown, asked)
    for start, end in list(hidden_runs(shown)):
        if end - start == 1 and len(lines[start]) <= _LONG:
            shown[start] = True

    def describe(start: int, end: int) -> str:
        said = any(map(str.strip, lines[start:end]))
        return _words(groups, reasons, start, end) if said else ""

    shorter, gaps = fold_ranges(lines, shown, describe)
    if sum(end - start for start, end in gaps) < _LEAST_HIDDEN * len(lines):
        return None
    return Squeezed(shorter, name, exact=False, gaps=gaps)


def _words(groups: Groups, reasons: Sequence[str], start: int, end: int) -> str:
    """ "12 similar lines", "7 lines of 3 kinds", "3 lines as above, 9 library frames"."""
    found: dict[str, int] = {}
    for reason in filter(None, reasons[start:end]):
        found[reason] = found.get(reason, 0) + 1
    words = [counted(number, reason) for reason, number in found.items()]
    others = [groups.of[i] for i in range(start, end) if not reasons[i]]
    if not others:
        return ", ".join(words)
    kinds = len(set(others))
    tail = f" of {kinds} kinds" if kinds > 1 else ""
    similar = "similar line" if kinds == 1 else "line"
    return ", ".join([plural(len(others), similar) + tail, *words])
