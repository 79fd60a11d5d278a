"""Delimited text taken apart without changing a byte: records, lines, cells as spelled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

DELIMITERS = ",\t;|"
_LONGEST_RECORD = 40
_SAMPLE = 40
_LEAST_ROWS = 4
_MOST_RAGGED = 0.1
_QUOTED = re.compile(r'"(?:[^"]|"")*"\r?')


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its text, the lines it stands on, and its cells, quotes included."""

    text: str
    start: int
    end: int
    cells: tuple[str, ...]


def is_sound(record: Record) -> bool:
    """Whether every cell that begins with a quote ends with it: such cells are read anywhere."""
    return '"' not in record.text or all(
        _QUOTED.fullmatch(cell) for cell in record.cells if cell[:1] == '"'
    )


def sniff(text: str, known: bool = False) -> str:
    """The delimiter of a text that is clearly a delimited table, "" for others.

    One that is `known` to be such a table may have two columns only.
    """
    lines = text[:40_000].split("\n")[: _SAMPLE * 3]
    if len(text) > 40_000:
        lines = lines[:-1]
    best, most = "", 0
    for delimiter in DELIMITERS:
        width = lines[0].count(delimiter) if lines else 0
        if width < (1 if delimiter == "\t" or known else 2) or width <= most:
            continue
        found = [r for r in split("\n".join(lines), delimiter) if r.text]
        fitting = sum(len(record.cells) == width + 1 for record in found)
        if len(found) > _LEAST_ROWS and fitting >= (1 - _MOST_RAGGED) * len(found):
            best, most = delimiter, width
    return best


def split(
    text: str, delimiter: str, foreign: Callable[[str], bool] | None = None
) -> Iterator[Record]:
    """The records of a text; joined by line breaks they are the text.

    A line that is `foreign` where a record may begin is one without cells.
    """
    lines = text.split("\n")
    mark = re.escape(delimiter)
    field = re.compile(rf'"(?:[^"]|"")*"(?={mark}|\r?\Z)|[^{mark}]*')
    at = 0
    while at < len(lines):
        if foreign is not None and foreign(lines[at]):
            yield Record(lines[at], at, at + 1, ())
            at += 1
            continue
        end, cells = at + 1, _cells(lines[at], delimiter, field)
        if _open(cells[-1]):
            end, cells = _closed(lines, at, delimiter, field, cells)
        yield Record(lines[at] if end == at + 1 else "\n".join(lines[at:end]), at, end, cells)
        at = end


def plain(text: str, delimiter: str) -> Iterator[Record]:
    """The lines of a text as records in which a quote is a sign like others."""
    for at, line in enumerate(text.split("\n")):
        yield Record(line, at, at + 1, tuple(line.split(delimiter)))


def _closed(
    lines: list[str], at: int, delimiter: str, field: re.Pattern[str], first: tuple[str, ...]
) -> tuple[int, tuple[str, ...]]:
    """A record that begins with an open quote, to the line that closes it, if one does soon."""
    quoted = re.compile(rf'"(?:[^"]|"")*"(?={re.escape(delimiter)}|\r?(?:\n|\Z))')
    whole = "\n".join(lines[at : at + _LONGEST_RECORD])
    start = len(lines[at]) - len(first[-1])
    while found := quoted.match(whole, start):
        end = whole.find("\n", found.end())
        end = len(whole) if end < 0 else end
        cells = _cells(whole[:end], delimiter, field)
        if not _open(cells[-1]):
            return at + 1 + whole.count("\n", 0, end), cells
        start = end - len(cells[-1])
        if start < found.end():
            break
    return at + 1, first


def _cells(record: str, delimiter: str, field: re.Pattern[str]) -> tuple[str, ...]:
    if '"' not in record:
        return tuple(record.split(delimiter))
    found: list[str] = []
    at = 0
    while True:
        cell = field.match(record, at)
        assert cell
        found.append(cell[0])
        at = cell.end()
        if at >= len(record):
            return tuple(found)
        if record[at] != delimiter:
            # Only a carriage return can follow a closing quote here.
            return (*found[:-1], found[-1] + record[at:])
        at += 1


def _open(cell: str) -> bool:
    """Whether a cell begins with a quote that is not closed."""
    body = cell.removesuffix("\r")
    return body[:1] == '"' and (len(body) < 2 or body[-1] != '"' or body.count('"') % 2 == 1)
