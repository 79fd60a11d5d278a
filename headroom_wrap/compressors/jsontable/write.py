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

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from headroom_wrap.compressors.jsontable import cells, steps
from headroom_wrap.compressors.jsontable.cells import ABOVE
from headroom_wrap.compressors.jsontable.columns import Path, name
from headroom_wrap.compressors.jsontable.source import Spelled, spell
from headroom_wrap.compressors.jsontable.table import LEAST_ROWS, Column, Plain, Table, top

_LEAST_DITTO = 8
_SHORT = 120
_GAIN = 0.9
_LEAST_ARRAY = 60


@dataclass(frozen=True, slots=True)
class View:
    """What of a table is shown: rows in full, and runs of rows that a note stands for."""

    full: frozenset[int] = frozenset()
    gaps: tuple[tuple[int, int, str], ...] = ()
    """Rows [start, end) and what the note says of them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layout depends on beside the value: columns to leave alone, rows to single out."""

    plain: Plain
    view: Callable[[Table], View]


def write(value: Any, layout: Layout) -> list[str]:
    """The lines of a document."""
    if type(value) is not dict:
        return list(_slot("", value, 0, {}, layout))
    table = _keyed(value, {}, layout)
    if table is None:
        return list(_members(value, 0, layout))
    return [f"{{{len(value)}}}:", *table]


def _members(value: dict[str, Any], depth: int, layout: Layout) -> Iterator[str]:
    for key, item in value.items():
        yield from _slot(" " * depth + name((key,)), item, depth, value, layout)


def _slot(head: str, value: Any, depth: int, above: Any, layout: Layout) -> Iterator[str]:
    """A value under its key (or the "-" of an array)."""
    if type(value) in (dict, list) and not short(value):
        table = _keyed(value, above, layout) if type(value) is dict else _rows(value, above, layout)
        if table is not None:
            mark = f"{{{len(value)}}}" if type(value) is dict else f"[{len(value)}]"
            yield f"{head}{mark}:"
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
    if kind is str or kind is Spelled:
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
    if len(value) < LEAST_ROWS + 1 or not all(map(str.isprintable, value)):
        return None
    return _rows(value, above, layout)


def _rows(value: Any, above: Any, layout: Layout) -> list[str] | None:
    """The lines of a table, if it is clearly shorter than JSON."""
    table = top(value, above, layout.plain)
    if table is None:
        return None
    lines = [*schema(table), "---", *body(table, layout.view(table))]
    total = sum(map(len, lines)) + len(lines)
    return lines if total < _GAIN * len(spell(value)) else None


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


def body(table: Table, view: View) -> Iterator[str]:
    """The lines of all rows that are shown, and a note for those that are not."""
    at = 0
    for start, end, note in (*view.gaps, (len(table.rows.values), 0, "")):
        yield from _lines(table, range(at, start), view.full, 0)
        if note:
            yield note
        at = end


def _lines(table: Table, numbers: Sequence[int], full: frozenset[int], depth: int) -> Iterator[str]:
    last: list[str] = []
    for number in numbers:
        if number in full:
            told = _full(table, number)
            yield " " * depth + "*" + ",".join(told)
            last = []
        else:
            told = _brief(table, number)
            shown = [
                ABOVE if len(cell) >= _LEAST_DITTO and cell == before else cell
                for cell, before in zip(told, last or [""] * len(told), strict=True)
            ]
            last = told
            yield " " * depth + ",".join(shown)
        yield from _below(table, number, depth + 1)


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
            yield from _lines(column.inner, table.inner_at[column.path][number], frozenset(), depth)
        elif column.again:
            yield from _lines(table, table.rows.below[number], frozenset(), depth)
