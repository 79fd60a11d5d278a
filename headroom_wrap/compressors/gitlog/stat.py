"""The diffstat below a commit: bars of plus and minus signs as the numbers they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = "[diffstat; lines added and removed for bars]"
_BAR = re.compile(r" (.*?) +\| +(\d+)(?: (\+*)(-*))?")
_BINARY = re.compile(r" (.*?) +\| +(Bin \d+ -> \d+ bytes)")
_SAID_BINARY = re.compile(r"(.*?) \| (Bin \d+ -> \d+ bytes)")
_SUMMARY = re.compile(r" 1 file changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?")
_TOTAL = re.compile(r"\d+ files? changed(?:, \d+ (?:in|de)[a-z]+\([+-]\)){0,2}")
_SAID = re.compile(r"(.*?) \| (?:\+(\d+))? ?(?:-(\d+))?")
_DRAWN = re.compile(r"(.*?) \| (\d+)(?: (\+*-*))?")
# What git assumes where it does not write to a terminal.
_WIDTH = 80


@dataclass(frozen=True, slots=True)
class _Change:
    """A changed file; where its bar does not tell the numbers, the bar is kept.

    The `bar` of a binary file is what is said of its size.
    """

    name: str
    count: int
    added: int = 0
    removed: int = 0
    bar: str = ""

    @property
    def binary(self) -> bool:
        return self.bar.startswith("Bin")

    def __str__(self) -> str:
        if self.binary:
            return f"{self.name} | {self.bar}"
        if self.bar or not self.count:
            return f"{self.name} | {self.count} {self.bar}".rstrip()
        signs = (f"+{self.added}" * bool(self.added), f"-{self.removed}" * bool(self.removed))
        return f"{self.name} | {' '.join(filter(None, signs))}"


def write(text: str) -> str | None:
    """A diffstat that stands alone."""
    body = text.rstrip("\n")
    tail = body.split("\n")
    said = say(tail)
    if said == tail or tell(said) != tail:
        return None
    return "\n".join([_MARK, *said]) + text[len(body) :]


def is_written(text: str) -> bool:
    return text.startswith(f"{_MARK}\n")


def restore(text: str) -> str:
    body = text.rstrip("\n")
    return "\n".join(tell(body.split("\n")[1:])) + text[len(body) :]


def is_stat(lines: Sequence[str]) -> bool:
    """Whether lines are those of a diffstat."""
    return len(lines) > 2 and sum(bool(_BAR.fullmatch(line)) for line in lines) > 0.8 * len(lines)


def say(tail: Sequence[str]) -> list[str]:
    """The lines of a diffstat with numbers for bars, or the tail as it is."""
    changes = _drawn(tail[:-1])
    if not changes:
        return [line[1:] if _TOTAL.fullmatch(line[1:]) else line for line in tail]
    summary = _SUMMARY.fullmatch(tail[-1])
    if summary and len(changes) == 1:
        added, removed = _numbers(*summary.groups())
        return [str(_Change(changes[0].name, added + removed, added, removed))]
    return [*map(str, changes), tail[-1][1:]]


def tell(said: Sequence[str]) -> list[str]:
    """The tail that `say` was given."""
    changes: list[_Change] = []
    for line in said:
        if found := _SAID_BINARY.fullmatch(line):
            changes.append(_Change(found[1], 0, bar=found[2]))
        elif found := _SAID.fullmatch(line):
            added, removed = _numbers(*found.groups()[1:])
            changes.append(_Change(found[1], added + removed, added, removed))
        elif found := _DRAWN.fullmatch(line):
            changes.append(_Change(found[1], int(found[2][:9]), bar=found[3] or ""))
        else:
            break
    if not changes:
        return [f" {line}" if _TOTAL.fullmatch(line) else line for line in said]
    rest = [f" {line}" for line in said[len(changes) :]]
    return _bars(changes) + (rest or [_summary(changes[0])])


def _numbers(*digits: str | None) -> tuple[int, int]:
    added, removed = (int(n[:9]) if n else 0 for n in digits)
    return added, removed


def _drawn(lines: Sequence[str]) -> list[_Change]:
    """The changes behind bars; [] where a line is none."""
    changes: list[_Change] = []
    for line in lines:
        if binary := _BINARY.fullmatch(line):
            changes.append(_Change(binary[1], 0, bar=binary[2]))
            continue
        found = _BAR.fullmatch(line)
        if not found:
            return []
        name, count = found[1], int(found[2][:9])
        plus, minus = len(found[3] or ""), len(found[4] or "")
        if not plus or not minus:
            changes.append(_Change(name, count, count * (plus > 0), count * (minus > 0)))
        elif plus + minus == count:
            changes.append(_Change(name, count, plus, minus))
        else:
            changes.append(_Change(name, count, bar=found[3] + found[4]))
    return changes


def _summary(change: _Change) -> str:
    parts = [" 1 file changed"]
    if change.added or not change.removed:
        parts.append(f"{change.added} insertion{'s' * (change.added != 1)}(+)")
    if change.removed or not change.added:
        parts.append(f"{change.removed} deletion{'s' * (change.removed != 1)}(-)")
    return ", ".join(parts)


def _bars(changes: Sequence[_Change]) -> list[str]:
    """The lines as git draws them: bars are scaled so that the longest fits."""
    most = max(c.count for c in changes)
    digits = max(len(str(most)), 3 * any(c.binary for c in changes))
    name = max(len(c.name) for c in changes)
    graph = most
    if name + digits + 6 + graph > _WIDTH:
        graph = min(graph, max(_WIDTH * 3 // 8 - digits - 6, 6))
        if name <= _WIDTH - digits - 6 - graph:
            graph = _WIDTH - digits - 6 - name
    return [
        f" {c.name.ljust(name)} | {_number(c).rjust(digits)} {_bar(c, graph, most)}".rstrip()
        for c in changes
    ]


def _number(change: _Change) -> str:
    return "Bin" if change.binary else str(change.count)


def _bar(change: _Change, graph: int, most: int) -> str:
    added, removed = change.added, change.removed
    if change.bar:
        return change.bar.removeprefix("Bin ")
    if graph <= most:
        total = _scaled(change.count, graph, most)
        if total < 2 and added and removed:
            total = 2
        if added < removed:
            added = _scaled(added, graph, most)
            removed = total - added
        else:
            removed = _scaled(removed, graph, most)
            added = total - removed
    return "+" * added + "-" * removed


def _scaled(count: int, graph: int, most: int) -> int:
    return 1 + count * (graph - 1) // most if count else 0
