"""Runs of lines that stand word for word further up: shown once, then only counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from headroom_wrap.compressors._labels import SHOWN

_SEED = 3
_LEAST_LINES = 4
_LEAST_CHARS = 160
# Of these lines so much has to be in sight still: a note costs that, too.
_LEAST_SHOWN = 70
_ANCHOR = 48
# A bar parts the forms of a label.
_BRACKETS = re.compile(r"[\[\]…|\x00-\x1f]+")


def repeats(lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """(start, end, first): lines [start, end) equal those from `first` on, where they are shown.

    Linear: each line is looked up once, and a match is walked once.
    """
    seen: dict[tuple[str, ...], int] = {}
    at = 0
    while at + _SEED <= len(lines):
        seed = tuple(lines[at : at + _SEED])
        first = seen.setdefault(seed, at)
        if first == at:
            at += 1
            continue
        end = at + _SEED
        while end < len(lines) and first + end - at < at and lines[end] == lines[first + end - at]:
            end += 1
        if end - at >= _LEAST_LINES and sum(map(len, lines[at:end])) >= _LEAST_CHARS:
            yield at, end, first
            at = end
        else:
            at += 1


def label_repeats(
    lines: Sequence[str], labels: list[str], telling: Callable[[int], object] = lambda i: None
) -> None:
    """Label what is shown and stands further up already, in place, with words to find it by.

    Lines at `telling` places are shown every time.
    """
    places: dict[str, int] = {}
    for i, line in enumerate(lines):
        places.setdefault(line, i)
    for start, end, first in repeats(lines):
        shown = [i for i in range(start, end) if not labels[i] and not labels[first + i - start]]
        if sum(len(lines[i].strip()) for i in shown) < _LEAST_SHOWN:
            continue
        firsts = [
            line
            for i, line in enumerate(lines[first : first + end - start], first)
            if places[line] == i
        ]
        where = next(filter(None, map(clean, (*firsts, *lines[first : first + end - start]))), "")
        label = f"line as above from “{where}”|lines as above from “{where}”"
        for i in shown:
            labels[i] = SHOWN if telling(i) else label


def clean(line: str) -> str:
    """The beginning of a line as it can be quoted in a note."""
    words = _BRACKETS.sub(" ", line).strip()
    return words[:_ANCHOR].rstrip() if sum(map(str.isalnum, words)) > 3 else ""
