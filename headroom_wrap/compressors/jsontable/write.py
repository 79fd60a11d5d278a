"""Lays values out as text: members as `key: value`, arrays of objects as tables.

    json 2                          the style of the original, then the notation that is used
    total: 120                      a member
    items[120]:                     an array told as a table of 120 rows; {120} for an object's
    id,name,owner.login             columns with a cell in each row, in key order
    kind = User                     the same in all rows
    url = https://x.org/<name>/<*>  made up of other columns, <*> is the cell
    tags[]:                         the cell counts the rows that follow, one blank deeper
     name,color
    ---
    1,foo,bar,foo/bar,2
     a,red
     b,blue

`read.py` is the other direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap.compressors.jsontable import cells, steps
from headroom_wrap.compressors.jsontable.cells import ABOVE
from headroom_wrap.compressors.jsontable.columns import Path, name
from headroom_wrap.compressors.jsontable.source import Gap
from headroom_wrap.compressors.jsontable.table import LEAST_ROWS, Column, Plain, Table, top

_LEAST_DITTO = 8
_SHORT = 120
_GAIN = 0.9
_LEAST_ARRAY = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layout depends on beside the value.

    `plain` tells columns whose cells are to stay whole; `full` and `notes` go by identity: rows
    that are told in full, and what is said of arrays whose rows are not all there.
    """

    plain: Plain
    full: Set[int] = frozenset()
    notes: Mapping[int, str] = field(default_factory=dict)


def write(value: Any, layout: Layout) -> list[str]:
    """The lines of a document."""
    if type(value) is not dict:
        return list(_slot("", value, 0, {}, layout))
    table = _keyed(value, {}, layout)
    if table is None:
        return list(_members(value, 0, layout))
    return [_mark(value), *table]


def _mark(value: Any) -> str:
    items = value.values() if type(value) is dict else value
    count = sum(item.rows if type(item) is Gap else 1 for item in items)
    return f"{{{count}}}:" if type(value) is dict else f"[{count}]:"


def _members(value: dict[str, Any], depth: int, layout: Layout) -> Iterator[str]:
    for key, item in value.items():
        yield from _slot(" " * depth + name((key,)), item, depth, value, layout)


def _slot(head: str, value: Any, depth: int, above: Any, layout: Layout) -> Iterator[str]:
    """A value under its key (or the "-" of an array)."""
    if type(value) in (dict, list) and not short(value):
        table = _keyed(value, above, layout) if type(value) is dict else _rows(value, above, layout)
        if table is not None:
            yield f"{head}{_mark(value)}"
            yield from table
            return
        if type(value) is dict:
            yield f"{head}:"
            yield from _members(value, depth + 1, layout)
            return
        if any(type(item) in (dict, list) and not short(item, _LEAST_ARRAY) for item in value):
            yield f"{head}[{len(value)}] -"
            for item in value:
                yield from _item(item, depth + 1, layout)
            return
    yield f"{head}: {cells.write(value)}"


def _item(value: Any, depth: int, layout: Layout) -> Iterator[str]:
    """An element of an array; the first member of an object stands on the line of its dash."""
    margin = " " * depth
    if type(value) is dict and value and not short(value) and _keyed(value, {}, layout) is None:
        first, *others = _members(value, depth + 2, layout)
        yield f"{margin}- {first[depth + 2 :]}"
        yield from others
        return
    yield from _slot(margin + "-", value, depth, {}, layout)


def short(value: Any, most: int = _SHORT) -> bool:
    """Whether a value is small enough to stand on its key's line."""
    return _size(value, most) <= most


def _size(value: Any, most: int) -> int:
    """The length of the compact JSON, or something above `most`."""
    kind = type(value)
    if isinstance(value, str):
        return len(value) + 2
    if kind is not dict and kind is not list:
        return 4
    total = 2
    for item in value:
        total += 1 + (
            len(item) + 3 + _size(value[item], most) if kind is dict else _size(item, most)
        )
        if total > most:
            break
    return total


def _keyed(value: dict[str, Any], above: Any, layout: Layout) -> list[str] | None:
    if len(value) < LEAST_ROWS + 1:
        return None
    return _rows(value, above, layout)


def _rows(value: Any, above: Any, layout: Layout) -> list[str] | None:
    """The lines of a table, if it is clearly shorter than JSON."""
    table = top(value, above, layout.plain)
    if table is None:
        return None
    note = layout.notes.get(id(value))
    lines = [*schema(table), *([note] if note else ()), "---", *body(table, layout.full)]
    total = sum(map(len, lines)) + len(lines)
    return None if short(value, int(total / _GAIN)) else lines


def schema(table: Table, depth: int = 0) -> Iterator[str]:
    """The columns of a table, a line each; those with nothing to say share a line."""
    margin = " " * depth
    run: list[str] = []
    near: Path = ()
    for column in table.columns:
        label = name(column.path, near) + (":str" if _says_text(column) else "")
        near = column.path
        if not column.said and column.inner is None and not column.again:
            run.append(label)
            continue
        if run:
            yield margin + ",".join(run)
            run = []
        if column.again:
            yield f"{margin}{label}[]: as here"
        elif column.inner is not None:
            yield f"{margin}{label}[]:"
            yield from schema(column.inner, depth + 1)
        else:
            where = f" (if {name(column.where, column.path)})" if column.where else ""
            yield f"{margin}{label}{where} = {_near_said(column)}"
    if run:
        yield margin + ",".join(run)


def _near_said(column: Column) -> str:
    """The pattern, other columns with the same parent named from there."""
    said = column.said
    if not column.constant:
        for path in column.names:
            said = said.replace(f"<{name(path)}>", f"<{name(path, column.path)}>")
    return said


def _says_text(column: Column) -> bool:
    if not column.said:
        return column.text
    return column.text and column.said[0] == "<" and steps.is_number(column.said[1:-1])


def body(table: Table, full: Set[int]) -> Iterator[str]:
    """The lines of all rows, and the notes between them."""
    rows = table.rows
    last: list[str] = []
    for number, value in enumerate(rows.values):
        if number in rows.gaps:
            yield rows.gaps[number]
            last = []
        if id(value) in full:
            yield "*" + ",".join(_full(table, number))
            last = []
        else:
            told = _brief(table, number)
            yield _ditto(told, last)
            last = told
        yield from _below(table, number, 1)
    if len(rows.values) in rows.gaps:
        yield rows.gaps[len(rows.values)]


def _lines(table: Table, numbers: Sequence[int], depth: int) -> Iterator[str]:
    """The lines of the rows that belong to one row above."""
    last: list[str] = []
    for number in numbers:
        told = _brief(table, number)
        yield " " * depth + _ditto(told, last)
        last = told
        yield from _below(table, number, depth + 1)


def _ditto(told: list[str], last: list[str]) -> str:
    if not last:
        return ",".join(told)
    return ",".join(
        [
            ABOVE if cell == before and len(cell) >= _LEAST_DITTO else cell
            for cell, before in zip(told, last, strict=True)
        ]
    )


def _brief(table: Table, number: int) -> list[str]:
    told = [column.cells[number] for column in table.columns if column.cells is not None]
    return [cells.write(table.rows.keys[number], text=True), *told] if table.rows.keys else told


def _full(table: Table, number: int) -> list[str]:
    told = [cells.write(table.rows.keys[number], text=True)] if table.rows.keys else []
    for column in table.columns:
        if column.inner is not None or column.again:
            told.append(column.cells[number] if column.cells else "")
        elif not column.constant:
            told.append(cells.write(column.values[number], column.text))
    return told


def _below(table: Table, number: int, depth: int) -> Iterator[str]:
    for column in table.columns:
        if column.inner is not None:
            yield from _lines(column.inner, table.inner_at[column.path][number], depth)
        elif column.again:
            yield from _lines(table, table.rows.below[number], depth)
