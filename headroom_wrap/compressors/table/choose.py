"""Which rows of a long table stay: what was asked for, what stands out, one of each kind."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom_wrap.compressors._fold import fold_ranges, plural
from headroom_wrap.compressors.jsontable import choose
from headroom_wrap.compressors.jsontable.columns import Flat
from headroom_wrap.compressors.jsontable.relevant import Relevance
from headroom_wrap.compressors.jsontable.source import Spelled
from headroom_wrap.relevance import terms

_FEWEST = 40
# Of names and values each tells something else.
_FEWEST_PAIRS = 60
_LEAST_CHARS = 2_000
_SHORTEST_GAIN = 0.2
_MOST_FULL = 5
_RARE = 0.1
_LEAST_NUMBER = 3
_LEAST_DISTINCT = 8
_TOP = 10
_MOSTLY, _MOST_RISES = 0.9, 0.04
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Gaps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of any table: the lines it stands on, and its cells without quotes and padding."""

    start: int
    end: int
    cells: tuple[str, ...]


class Asked(Relevance):
    """The rows that share a rare word with the request, or have one for a cell."""

    def __init__(self, query: str, rows: Sequence[Row]) -> None:
        super().__init__(query, ["\n".join(row.cells) for row in rows])
        self.named = frozenset(_named(terms(query), rows))
        self.rows = self.rows | self.named | frozenset(_first_of(terms(query), rows))

    def full(self) -> frozenset[int]:
        """The few rows that are told in full."""
        named = self.named if len(self.named) <= _MOST_FULL else frozenset()
        return named | frozenset(self.best(_MOST_FULL))


def _first_of(words: frozenset[str], rows: Sequence[Row]) -> Iterator[int]:
    """For each number or id of the request, however many rows have it, the first that does."""
    texts = ["\n".join(row.cells).lower() for row in rows]
    for word in words:
        if len(word) >= _LEAST_NUMBER and any(map(str.isdigit, word)):
            yield from itertools.islice((i for i, text in enumerate(texts) if word in text), 1)


def _named(words: frozenset[str], rows: Sequence[Row]) -> Iterator[int]:
    """Rows with a cell that is a word of the request which few rows have."""
    found: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        for cell in {cell.lower() for cell in row.cells}:
            if cell in words:
                found.setdefault(cell, []).append(i)
    for numbers in found.values():
        if len(numbers) <= max(_MOST_FULL, _RARE * len(rows)):
            yield from numbers


def fold(text: str, names: Sequence[str], rows: Sequence[Row], asked: Asked) -> tuple[str, Gaps]:
    """The table with its unremarkable rows counted in place."""
    flats = [_flat(i, name, rows) for i, name in enumerate(names)]
    varied = [flat for flat in flats if choose.varies(flat)]
    fewest = _FEWEST_PAIRS if len(names) < 3 and not choose.are_events(varied) else _FEWEST
    if len(rows) < fewest or len(text) < _LEAST_CHARS:
        return text, ()
    kept = {*choose.keep(varied, list(range(len(rows))), asked, lean=False), *_extremes(varied)}
    if len(kept) > (1 - _SHORTEST_GAIN) * len(rows):
        return text, ()
    lines = text.split("\n")
    keep = [True] * len(lines)
    for number in sorted(set(range(len(rows))) - kept):
        row = rows[number]
        keep[row.start : row.end] = [False] * (row.end - row.start)
    starts = {row.start: i for i, row in enumerate(rows)}
    ends = {row.end: i for i, row in enumerate(rows)}
    return fold_ranges(
        lines, keep, lambda a, b: plural(ends[b] - starts[a] + 1, "row") if a in starts else ""
    )


def _extremes(flats: Sequence[Flat]) -> Iterator[int]:
    """The rows with the largest and the smallest number of a column, and the top of a ranking."""
    for flat in flats:
        found = {i: float(v) for i, v in enumerate(flat.values) if _NUMBER.fullmatch(v)}
        distinct = len(set(found.values()))
        if distinct < _LEAST_DISTINCT or len(found) < _MOSTLY * len(flat.values):
            continue
        yield max(found, key=found.__getitem__)
        yield min(found, key=found.__getitem__)
        rises = sum(a < b for a, b in itertools.pairwise(found.values()))
        if rises <= _MOST_RISES * len(found):
            yield from range(_TOP)


def _flat(i: int, name: str, rows: Sequence[Row]) -> Flat:
    values = [row.cells[i] for row in rows]
    if all(_NUMBER.fullmatch(value) for value in values if value):
        return Flat((name,), [Spelled(value) for value in values])
    return Flat((name,), values)
