"""Tables told record by record (`psql -x`, `mysql … \\G`): their cells, and told again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors.table.drawn import Cells, Drawing

_PSQL = re.compile(r"-\[ RECORD (\d+) \][-+]*")
_MYSQL = re.compile(r"\*{10,} (\d+)\. row \*{10,}")
_HOW = re.compile(r"(psql|mysql) records from (\d{1,9}), (\d{1,4}) by (\d{1,6})")
_NOTE = re.compile(r"\[… (\d+) rows?\]")
_LEAST = 3


def begins(text: str) -> bool:
    """Whether the first line opens the first of several records."""
    first = text[:400].partition("\n")[0]
    return bool(_PSQL.fullmatch(first) or _MYSQL.fullmatch(first))


def parse(text: str) -> Drawing | None:
    """The table that `text` is, when telling it again gives the text."""
    lines = text.split("\n")
    kind = "psql" if lines[0][:1] == "-" else "mysql"
    head = _PSQL if kind == "psql" else _MYSQL
    found = head.fullmatch(lines[0])
    height = next((i for i in range(1, len(lines)) if head.fullmatch(lines[i])), 0)
    if not found or height < _LEAST:
        return None
    rows = list(_records(lines, kind, head, height))
    if len(rows) < _LEAST or len({names for names, _ in rows}) > 1:
        return None
    names = rows[0][0]
    cells = tuple(values for _, values in rows)
    width = max(map(len, names))
    wide = len(lines[0]) - width - 3 if kind == "psql" else lines[0].find(" ")
    how = f"{kind} records from {found[1]}, {width} by {max(wide, 0)}"
    tail = tuple(lines[height * len(rows) :])
    drawing = Drawing(how, (names, *cells), 0, tail, height)
    return drawing if draw(how, drawing.rows, tail) == text else None


def knows(how: str) -> bool:
    return _HOW.fullmatch(how) is not None


def draw(how: str, rows: Sequence[Cells], tail: Sequence[str]) -> str:
    """The records as text; a note stands for as many as it counts."""
    found = _HOW.fullmatch(how)
    assert found
    kind, number, width, wide = found[1], int(found[2]), int(found[3]), int(found[4])
    names = rows[0]
    lines: list[str] = []
    for row in rows[1:]:
        if len(row) != len(names):
            note = _NOTE.match(row[0])
            number += int(note[1][:9]) if note else 0
            lines.append(row[0])
            continue
        lines.append(_opening(kind, number, width, wide))
        lines += (_pair(kind, name, value, width) for name, value in zip(names, row, strict=True))
        number += 1
    return "\n".join([*lines, *tail])


def _records(
    lines: Sequence[str], kind: str, head: re.Pattern[str], height: int
) -> Iterator[tuple[Cells, Cells]]:
    """The names and the values of each record that has as many as the first."""
    sign = "|" if kind == "psql" else ":"
    for start in range(0, len(lines) - height + 1, height):
        if not head.fullmatch(lines[start]):
            return
        pairs = [line.partition(sign) for line in lines[start + 1 : start + height]]
        if not all(between for _, between, _ in pairs):
            return
        yield tuple(n.strip(" ") for n, _, _ in pairs), tuple(v[1:] for _, _, v in pairs)


def _opening(kind: str, number: int, width: int, wide: int) -> str:
    if kind == "mysql":
        return f"{'*' * wide} {number}. row {'*' * wide}"
    said = f"-[ RECORD {number} ]"
    return said + f"{'-' * (width + 1)}+{'-' * (wide + 1)}"[len(said) :]


def _pair(kind: str, name: str, value: str, width: int) -> str:
    return f"{name.ljust(width)} | {value}" if kind == "psql" else f"{name.rjust(width)}: {value}"
