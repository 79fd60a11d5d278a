"""Neighbouring lines with one wording: what they share said once, the other words in rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HOLE = "<*>"

_LEAST_LINES = 6
_LEAST_CHARS, _MOST_CHARS = 20, 400
_MOST_WORDS = 60
_MOST_CELLS = 8
# Of each line at least so much is shared; less is no wording but a table, or a coincidence.
_SHARED = 0.5
_LEAST_SAVED = 80
_SAVED_SHARE = 0.45


@dataclass(frozen=True, slots=True)
class Wording:
    """What the lines share with holes in it, and for each line what stands in the holes."""

    shared: str
    rows: tuple[str, ...]


def run(lines: Sequence[str], start: int, plain: Callable[[int], bool]) -> int:
    """Where the lines end that share much with the one at `start`; no `plain` one is among them."""
    shared = _words(lines[start])
    end = start
    while end < len(lines) and shared:
        words = _words(lines[end])
        if len(words) != len(shared) or plain(end):
            break
        if ("" in shared or "" in words) and any(
            (a == "") != (b == "") for a, b in zip(shared, words, strict=True)
        ):
            break
        met = [a if a == b else _met(a, b) for a, b in zip(shared, words, strict=True)]
        if sum(map(len, met)) + len(met) < _SHARED * len(lines[end]):
            break
        shared = met
        end += 1
    return end


def find(lines: Sequence[str]) -> Wording | None:
    """The wording of lines with as many words each, if saying it once clearly pays."""
    if len(lines) < _LEAST_LINES or any(HOLE in line for line in lines):
        return None
    told: list[str] = []
    columns: list[list[str]] = []
    for column in zip(*(line.split(" ") for line in lines), strict=True):
        if len(set(column)) == 1:
            told.append(column[0])
        else:
            before, after = _around(column)
            told.append(before + HOLE + after)
            columns.append([word[len(before) : len(word) - len(after)] for word in column])
    if not 0 < len(columns) <= _MOST_CELLS or not all(map(all, columns)):
        return None
    found = Wording(" ".join(told), tuple(map(" ".join, zip(*columns, strict=True))))
    before_size = sum(map(len, lines))
    saved = before_size - sum(map(len, found.rows)) - len(found.shared)
    return found if saved >= max(_LEAST_SAVED, _SAVED_SHARE * before_size) else None


def lines_of(shared: str, rows: Sequence[str]) -> list[str]:
    """The lines again; ValueError when a row does not fill the holes."""
    parts = shared.split(HOLE)
    lines = []
    for row in rows:
        cells = row.split(" ")
        if len(cells) != len(parts) - 1:
            raise ValueError(f"{len(cells)} words for {len(parts) - 1} places")
        filled = [part for pair in zip(parts, cells, strict=False) for part in pair]
        lines.append("".join([*filled, parts[-1]]))
    return lines


def _words(line: str) -> list[str]:
    """The words of a line; none where there are too few or too many to be read as a wording."""
    if not _LEAST_CHARS <= len(line) <= _MOST_CHARS or line.isspace():
        return []
    words = line.split(" ")
    return words if len(words) <= _MOST_WORDS else []


def _met(shared: str, word: str) -> str:
    """What both begin with; a sign that is in no text where that is nothing, as "" is a blank."""
    for i, (a, b) in enumerate(zip(shared, word, strict=False)):
        if a != b:
            return shared[:i] or "\0"
    return min(shared, word, key=len) or "\0"


def _around(column: Sequence[str]) -> tuple[str, str]:
    """What all words of a column begin and end with, no word or number cut apart."""
    before = _beginning(column)
    while before and before[-1].isalnum():
        before = before[:-1]
    rests = [word[len(before) :] for word in column]
    after = _beginning([rest[::-1] for rest in rests])
    while after and after[-1].isalnum():
        after = after[:-1]
    after = after[: max(0, min(map(len, rests)) - 1)]
    while after and after[-1].isalnum():
        after = after[:-1]
    return before, after[::-1]


def _beginning(words: Sequence[str]) -> str:
    """What all words begin with."""
    low, high = min(words), max(words)
    for i, char in enumerate(low):
        if char != high[i]:
            return low[:i]
    return low
