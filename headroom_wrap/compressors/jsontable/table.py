"""Arrays of objects as tables: which columns are cells, and which are said once for all rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from headroom_wrap.compressors.jsontable import cells, pattern, steps
from headroom_wrap.compressors.jsontable.cells import ABSENT
from headroom_wrap.compressors.jsontable.columns import Flat, Path, flatten, name, plain_key
from headroom_wrap.compressors.jsontable.pattern import Known
from headroom_wrap.compressors.jsontable.source import Gap, Spelled

LEAST_ROWS = 3
_LEAST_INNER = 4
_LONGEST_POINT = 8
# What stays of a text in its cells must be this much shorter than the text.
_MOST_LEFT = 0.5
_LEAST_SAVED = 5
# How many columns one may be looked for in; wide tables are costly to compare.
_MOST_KNOWN = 60


@dataclass(frozen=True, slots=True)
class Rows:
    """The elements of one array, or of all arrays that stand in one column of a table above.

    `places` is each row's index in its own array, `above` the object each array stands in. `keys`
    is set when the rows are the values of an object, `below` when rows hold rows like themselves:
    then it has the numbers of those rows. `gaps` are the notes, each before a row.
    """

    values: list[Any]
    places: list[int]
    above: list[Any]
    keys: list[str] | None = None
    below: list[list[int]] = field(default_factory=list)
    gaps: dict[int, Gap] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.values) + sum(gap.rows for gap in self.gaps.values())

    @property
    def counted(self) -> list[int]:
        """The places, unless rows are left out: nobody wants to count those to read a number."""
        return [] if self.gaps else self.places


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `said` is what the head tells about it: a constant, a pattern, or nothing.

    `cells` is None when nothing is left to be told row by row; then `where` names the column that
    is present in the same rows, unless it is present in all.
    """

    path: Path
    values: list[Any]
    text: bool = False
    said: str = ""
    cells: list[str] | None = None
    where: Path = ()
    names: tuple[Path, ...] = ()
    inner: Table | None = None
    again: bool = False

    @property
    def constant(self) -> bool:
        return bool(self.said) and self.cells is None and not pattern.is_pattern(self.said)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and the columns that they are told in."""

    rows: Rows
    columns: list[Column]
    inner_at: dict[Path, list[list[int]]] = field(default_factory=dict)
    """For each column of arrays: the inner table's row numbers that belong to each row."""


Plain = Callable[[Path], bool]


def top(value: Any, above: Any, plain: Plain) -> Table | None:
    """The table of an array, or of an object whose values are alike."""
    keys: list[str] | None = [] if type(value) is dict else None
    found = Rows([], [], [], keys)
    place = 0
    for key, row in value.items() if type(value) is dict else zip(itertools.repeat(""), value):
        if type(row) is Gap:
            found.gaps[len(found.values)] = row
            place += row.rows
            continue
        found.values.append(row)
        found.places.append(place)
        if keys is not None:
            keys.append(key)
        place += 1
    if len(found.values) < LEAST_ROWS or not {type(row) for row in found.values} <= {dict, list}:
        return None
    found.above.extend([above] * len(found.values))
    return build(found, plain)


def build(rows: Rows, plain: Plain, again: str = "") -> Table | None:
    """The table of `rows`; `again` is the key under which rows hold rows like themselves."""
    flats = flatten(rows.values, whole=again)
    if flats is None:
        return None
    columns: list[Column] = []
    inner_at: dict[Path, list[list[int]]] = {}
    for flat in flats:
        if again and flat.path == (again,):
            columns.append(Column(flat.path, flat.values, cells=_sizes(flat.values), again=True))
            continue
        column, numbers = _inner(flat, rows, plain)
        columns.append(column)
        if numbers:
            inner_at[flat.path] = numbers
    return Table(rows, _said(columns, rows, plain), inner_at)


def _inner(flat: Flat, rows: Rows, plain: Plain) -> tuple[Column, list[list[int]] | None]:
    """The column as a table of its own where its values are arrays of objects."""
    path, values = flat.path, flat.values
    if not _holds_rows(values):
        return Column(path, values), None
    found, numbers, again = _gather(path, values, rows)
    table = build(found, plain, again)
    if table is None:
        return Column(path, values), None
    return Column(path, values, cells=_sizes(values), inner=table), numbers


def _holds_rows(values: list[Any]) -> bool:
    kinds = {type(value) for value in values}
    if list not in kinds or not kinds <= {list, type(None), type(ABSENT)}:
        return False
    items = [item for value in values if type(value) is list for item in value]
    if len(items) < _LEAST_INNER:
        return False
    return all(type(item) is dict for item in items) or _are_points(items)


def _are_points(items: list[Any]) -> bool:
    """Short lists of as many plain values each: samples, coordinates."""
    if type(items[0]) is not list or not 2 <= len(items[0]) <= _LONGEST_POINT:
        return False
    size = len(items[0])
    return all(
        type(item) is list and len(item) == size and all(isinstance(v, str) for v in item)
        for item in items
    )


def _gather(path: Path, values: list[Any], rows: Rows) -> tuple[Rows, list[list[int]], str]:
    """All rows of the arrays in one column, and of those below them under the same key."""
    found = Rows([], [], [])
    again = _again_key(path[-1], values)

    def add(items: list[Any], above: Any) -> list[int]:
        numbers = []
        for place, item in enumerate(items):
            numbers.append(len(found.values))
            found.values.append(item)
            found.places.append(place)
            found.above.append(above)
            found.below.append([])
            if again and item.get(again):
                found.below[numbers[-1]] = add(item[again], item)
        return numbers

    numbers = [
        add(value, above) if type(value) is list else []
        for value, above in zip(values, rows.values, strict=True)
    ]
    return found, numbers, again


def _again_key(key: str | int, values: list[Any]) -> str:
    """`key` when rows hold rows like themselves under it, at any depth; else nothing."""
    ahead = [item for value in values if type(value) is list for item in value]
    deeper = False
    if not ahead or type(ahead[0]) is not dict:
        return ""
    while ahead:
        below = ahead.pop().get(key)
        if type(below) is list and all(type(item) is dict for item in below):
            deeper = deeper or bool(below)
            ahead.extend(below)
        elif below is not None:
            return ""
    return str(key) if deeper else ""


def _sizes(values: list[Any]) -> list[str]:
    return [str(len(v)) if type(v) is list and v else cells.write(v) for v in values]


def _said(columns: list[Column], rows: Rows, plain: Plain) -> list[Column]:
    """The columns with what can be said about each once."""
    masks = [bytes(v is not ABSENT for v in column.values) for column in columns]
    known = _Known(columns, masks, rows)
    found = [
        column
        if column.cells is not None
        else _say(column, known.before(i), rows, plain(column.path))
        for i, column in enumerate(columns)
    ]
    for i, column in enumerate(found):
        if column.cells is not None and _is_text(column) and not plain(column.path):
            better = _say(column, known.others(i, found), rows, False)
            if better.names and _told(better) < _told(column):
                found[i] = better
    if not rows.keys and not _seen_in_all(found):
        whole = [i for i, mask in enumerate(masks) if 0 not in mask and found[i].cells is None]
        if whole:
            i = next((i for i in whole if not found[i].constant), whole[0])
            found[i] = _in_cells(found[i])
    return _placed(found, masks)


def _seen_in_all(columns: list[Column]) -> bool:
    """Whether each row has a cell with something in it: an empty line is easily overlooked."""
    told = [column.cells for column in columns if column.cells is not None]
    return bool(told) and all(map(any, zip(*told, strict=True)))


def _told(column: Column) -> int:
    return sum(map(len, column.cells)) if column.cells else 0


def _is_text(column: Column) -> bool:
    return all(type(v) is str for v in column.values if v is not ABSENT)


class _Known:
    """What each column may be made of: texts of the others that are present in the same rows."""

    def __init__(self, columns: list[Column], masks: list[bytes], rows: Rows) -> None:
        self.columns = columns
        self.masks = masks
        self.rows = rows
        self.full = bytes([1]) * len(rows.values)
        self.usable = [
            plain_key(column.path)
            and column.cells is None
            and {type(v) for v in column.values if v is not ABSENT} <= {str, Spelled}
            and len(set(column.values)) > 1
            for column in columns
        ]
        self.outer = list(_outer(rows))

    def before(self, i: int) -> list[Known]:
        return self._texts(i, range(max(0, i - _MOST_KNOWN), i)) + self._outside(i)

    def others(self, i: int, found: list[Column]) -> list[Known]:
        """All columns that do not themselves depend on this one."""
        taken = {found[i].path}
        while True:
            more = {column.path for column in found if taken & {*column.names}}
            if more <= taken:
                break
            taken |= more
        near = range(max(0, i - _MOST_KNOWN), min(len(found), i + 1 + _MOST_KNOWN))
        return self._texts(i, [j for j in near if found[j].path not in taken]) + self._outside(i)

    def _texts(self, i: int, others: Sequence[int]) -> list[Known]:
        """Those whose text in the first row stands in this column's: no others can make it up."""
        mask = self.masks[i]
        first = mask.find(1)
        target = self.columns[i].values[first]
        if type(target) is not str:
            return []
        found = []
        for j in others:
            if self.usable[j] and self.masks[j] in (mask, self.full):
                values = self.columns[j].values
                if values[first] and values[first] in target:
                    texts = list(itertools.compress(values, mask))
                    path = self.columns[j].path
                    found.append(Known(name(path), texts, path))
        return found

    def _outside(self, i: int) -> list[Known]:
        mask = self.masks[i]
        return [Known(o.name, list(itertools.compress(o.texts, mask))) for o in self.outer]


def _outer(rows: Rows) -> list[Known]:
    """The keys of the rows and the texts of the object above them."""
    found = [Known("(key)", rows.keys)] if rows.keys else []
    first = rows.above[0] if rows.above else None
    if type(first) is dict:
        for key, value in first.items():
            if type(value) is str and value and plain_key((key,)):
                values = [above.get(key) if type(above) is dict else None for above in rows.above]
                texts = [text for text in values if type(text) is str]
                if len(texts) == len(values):
                    found.append(Known(f"^.{key}", texts))
            elif type(value) in (list, dict):
                break
    return found


def _say(column: Column, known: list[Known], rows: Rows, plain: bool) -> Column:
    """The column as a constant, a count or a pattern where it is one; else in cells."""
    present = [v for v in column.values if v is not ABSENT]
    kinds = {type(v) for v in present}
    text = kinds == {str} and any(map(cells.looks_literal, present))
    told = _cells(column.values, text)
    once = {cell for cell in told if cell}
    if len(once) == 1 and len(present) > 1:
        return replace(column, said=cells.constant(present[0]))
    whole = len(present) == len(column.values)
    places = rows.counted
    if kinds == {Spelled} and whole and places and not plain:
        counted = steps.count(present, places) or steps.fractions(present, places)
        if counted:
            return replace(column, said=f"<{counted}>")
    if kinds == {str} and len(present) >= LEAST_ROWS and not plain:
        if places and not whole:
            places = [p for p, v in zip(places, column.values, strict=True) if v is not ABSENT]
        found = pattern.find(present, known, places)
        if found and _worth(found, present):
            return _patterned(column, found)
    return replace(column, text=text, cells=told, said="", names=())


def _cells(values: list[Any], text: bool) -> list[str]:
    seen: dict[str, str] = {}
    told = []
    for value in values:
        if type(value) is str:
            cell = seen.get(value)
            if cell is None:
                cell = seen[value] = cells.write(value, text)
            told.append(cell)
        else:
            told.append(cells.write(value, text))
    return told


def _worth(found: pattern.Pattern, texts: list[str]) -> bool:
    total = sum(map(len, texts))
    saved = total - found.left - len(found.text)
    if found.cells is None:
        return saved > 0
    return found.left <= _MOST_LEFT * total and saved >= _LEAST_SAVED * len(texts)


def _patterned(column: Column, found: pattern.Pattern) -> Column:
    told = None
    if found.cells is not None:
        left = iter(found.cells)
        told = ["" if v is ABSENT else cells.write(next(left), text=True) for v in column.values]
    return replace(
        column, text=True, said=found.text, cells=told, names=found.names, values=column.values
    )


def _placed(columns: list[Column], masks: list[bytes]) -> list[Column]:
    """Columns without cells that are not in all rows get the name of one that tells where."""
    leaders: dict[bytes, Path] = {}
    for column, mask in zip(columns, masks, strict=True):
        if column.cells is not None and 0 in mask:
            leaders.setdefault(mask, column.path)
    found = []
    for column, mask in zip(columns, masks, strict=True):
        if column.cells is None and 0 in mask:
            if mask in leaders:
                column = replace(column, where=leaders[mask])
            else:
                column = _in_cells(column)
                leaders[mask] = column.path
        found.append(column)
    return found


def _in_cells(column: Column) -> Column:
    present = [v for v in column.values if v is not ABSENT]
    text = all(type(v) is str for v in present) and any(map(cells.looks_literal, present))
    return replace(column, text=text, said="", names=(), cells=_cells(column.values, text))
