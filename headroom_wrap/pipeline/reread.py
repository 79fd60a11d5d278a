"""A file read again: line runs that stand in an earlier read in full are counted, not repeated."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from headroom_wrap.types import Squeezed

NAME = "reread"
_LEAST_RUN = 8
_MARGIN = 2
# Exactly what the tools print: one blank too many taken for theirs would be lost to an edit.
_NUMBER = re.compile(r" *(\d+)(?:\t|→|:| *[|│](?: |$))")
_MOSTLY = 0.6
# So many earlier reads are looked at.
NEWEST = 32


@dataclass(frozen=True, slots=True)
class Read:
    """The text of a file as an agent was shown it; `numbers` are 0 where a line shows none."""

    path: str
    lines: tuple[str, ...]
    numbers: tuple[int, ...]
    numbered: bool
    starts: dict[tuple[str, ...], int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Run:
    """Lines [start, end) of the new read that stand at `there` in an earlier one."""

    start: int
    end: int
    there: int
    earlier: Read


@lru_cache(maxsize=2 * NEWEST)
def read(text: str, path: str) -> Read:
    """A read, its line numbers apart from the lines."""
    whole = text.split("\n")
    found = [_NUMBER.match(line) for line in whole]
    if not _counts(found):
        return Read(path, tuple(whole), (0,) * len(whole), False)
    pairs = [
        (line[match.end() :], int(match[1])) if match else (line, 0)
        for line, match in zip(whole, found, strict=True)
    ]
    lines, numbers = zip(*pairs, strict=True)
    return Read(path, lines, numbers, True)


def same_file(one: str, other: str) -> bool:
    """Whether two paths, relative or not, may name the same file."""
    first, second = (re.sub(r"^(?:\./)+", "", path) for path in (one, other))
    if first == second:
        return True
    long, short = sorted((first, second), key=len, reverse=True)
    return bool(short) and long.endswith(f"/{short}")


def _counts(found: Sequence[re.Match[str] | None]) -> bool:
    """Whether the numbers are line numbers: most lines have one, each one more than the last."""
    numbers = [int(match[1]) if match else -1 for match in found]
    steps = sum(after == before + 1 for before, after in itertools.pairwise(numbers))
    return steps >= _MOSTLY * len(numbers)


def delta(text: str, path: str, earlier: Sequence[Read]) -> tuple[Squeezed, list[Read]] | None:
    """The text with known runs counted, and the reads that it leans on; None without any.

    `earlier` are the reads of the same file that are sent in full in the same request, oldest
    first; of other files too, when `path` is unknown.
    """
    if not earlier:
        return None
    new = read(text, path)
    runs = _runs(new, earlier)
    if not runs:
        return None
    shown: list[str] = []
    whole = text.split("\n")
    at = 0
    for run in runs:
        shown += [*whole[at : run.start], _note(new, run)]
        at = run.end
    shown += whole[at:]
    gaps = tuple((run.start, run.end) for run in runs)
    leaned = list({id(run.earlier): run.earlier for run in runs}.values())
    return Squeezed("\n".join(shown), NAME, False, gaps), leaned


def _runs(new: Read, earlier: Sequence[Read]) -> list[Run]:
    found: list[Run] = []
    at, last = 0, len(new.lines)
    while at + _LEAST_RUN <= last:
        run = _longest(new, at, earlier)
        if run is None:
            at += 1
            continue
        at = run.end
        inner = _without_margins(run, new)
        if inner.end - inner.start >= _LEAST_RUN - 2 * _MARGIN:
            found.append(inner)
    return found


def _longest(new: Read, at: int, earlier: Sequence[Read]) -> Run | None:
    """The run that begins at a line, in the newest read that has one."""
    window = new.lines[at : at + _LEAST_RUN]
    if not any(line.strip() for line in window):
        return None
    for old in reversed(earlier):
        there = _starts(old).get(window)
        if there is None:
            continue
        end = _LEAST_RUN
        while (
            at + end < len(new.lines)
            and there + end < len(old.lines)
            and new.lines[at + end] == old.lines[there + end]
        ):
            end += 1
        return Run(at, at + end, there, old)
    return None


def _starts(old: Read) -> dict[tuple[str, ...], int]:
    if not old.starts:
        places = range(len(old.lines) - _LEAST_RUN, -1, -1)
        # In one go: other threads may look, too.
        old.starts.update({old.lines[at : at + _LEAST_RUN]: at for at in places})
    return old.starts


def _without_margins(run: Run, new: Read) -> Run:
    """Where no line of the file is next to the run, a margin would lead over to nothing."""
    start = run.start + (_MARGIN if _of_file(new, run.start - 1) else 0)
    end = run.end - (_MARGIN if _of_file(new, run.end) else 0)
    return Run(start, end, run.there + start - run.start, run.earlier)


def _of_file(new: Read, at: int) -> bool:
    """Whether the text has such a line, and it is not one that the tool wrote around the file."""
    if not 0 <= at < len(new.lines):
        return False
    return bool(new.numbers[at]) or not new.numbered


def _note(new: Read, run: Run) -> str:
    """`[… lines 40-212 as read above, unchanged]`; where they stood, if that was elsewhere."""
    count = run.end - run.start
    here = _span(new, run.start, run.end)
    there = _span(run.earlier, run.there, run.there + count)
    which = f"lines {here}" if here else f"{count} lines"
    whose = f"of {run.earlier.path} " if run.earlier.path != new.path and run.earlier.path else ""
    moved = f" (there {there})" if there and there != here else ""
    return f"[… {which} {whose}as read above{moved}, unchanged]"


def _span(found: Read, start: int, end: int) -> str:
    """Their line numbers, where these leave nothing out."""
    numbers = [number for number in found.numbers[start:end] if number]
    if not numbers or numbers[-1] - numbers[0] != len(numbers) - 1:
        return ""
    return f"{numbers[0]}-{numbers[-1]}"
