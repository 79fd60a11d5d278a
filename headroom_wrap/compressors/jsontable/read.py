"""The decoder: the values that `write.py` laid out, and which rows its notes left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap.compressors.jsontable import cells, pattern, steps
from headroom_wrap.compressors.jsontable.cells import ABOVE, ABSENT
from headroom_wrap.compressors.jsontable.columns import Path, parse
from headroom_wrap.compressors.jsontable.source import Gap, Spelled

_STEP = r'(?:[\w$@/+-]+|"[^"]*"|\[\d+\])'
_NAME = rf"\.?{_STEP}(?:\.{_STEP}|\[\d+\])*"
_SLOT = re.compile(
    r'([\w$@/+-]+|"[^"]*"|)(?:(:)|\[(\d+)\]:|\{(\d+)\}:|\[(\d+)\] -)(?: (.*))?', re.DOTALL
)
_SAID = re.compile(rf"({_NAME})(:str)?(?: \(if ({_NAME})\))? = (.*)", re.DOTALL)
_INNER = re.compile(rf"({_NAME})\[\]:( as here)?")
_PLAIN = re.compile(rf"({_NAME})(:str)?(?:,|$)")
_NOTE = re.compile(r"\[… \d+ rows?\]")
_SUMMARY = "[… "
RULE = "---"
Piece = Callable[["_Row"], str]


@dataclass(slots=True)
class _Column:
    path: Path
    text: bool = False
    where: Path = ()
    constant: Any = ABSENT
    pieces: list[Piece] | None = None
    number: bool = False
    celled: bool = True
    inner: list[_Column] | None = None
    again: bool = False


@dataclass(slots=True)
class _Row:
    """What is known of a row while it is read; a full row has a cell for all but constants."""

    place: int
    key: str
    above: Any
    full: bool
    columns: dict[Path, _Column]
    cells: dict[Path, Any] = field(default_factory=dict)

    def value(self, column: _Column) -> Any:
        if column.where and self.cells[column.where] is ABSENT:
            return ABSENT
        if column.path in self.cells:
            cell = self.cells[column.path]
            if self.full or column.pieces is None or cell is ABSENT:
                return cell
        elif column.pieces is None:
            return column.constant
        made = "".join([piece(self) for piece in column.pieces])
        return Spelled(made) if column.number else made


class Reader:
    """Goes through the lines once; ValueError where they are not ours."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def document(self) -> Any:
        first = self.lines[0] if self.lines else ""
        if first.startswith((":", "[", "{")) and (match := _SLOT.fullmatch(first)):
            self.at = 1
            value = self._slot(match, 0, {})
        else:
            value = self._members(0)
        if self.at != len(self.lines):
            raise ValueError(f"line {self.at + 1} is left over")
        return value

    def _members(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        margin = " " * depth
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.startswith(margin) or line[depth : depth + 1] in (" ", "-", ""):
                break
            match = _SLOT.fullmatch(line, depth)
            if match is None:
                raise ValueError(f"line {self.at + 1} is no member")
            self.at += 1
            key = match[1]
            found[key[1:-1] if key.startswith('"') else key] = self._slot(match, depth, found)
        return found

    def _slot(self, match: re.Match[str], depth: int, above: Any) -> Any:
        if match[3]:
            return self._table(int(match[3]), above, keyed=False)
        if match[4]:
            return dict(self._table(int(match[4]), above, keyed=True))
        if match[5]:
            return [self._item(depth + 1) for _ in range(int(match[5]))]
        return self._members(depth + 1) if match[6] is None else cells.read(match[6])

    def _item(self, depth: int) -> Any:
        line = self._next()
        if line.startswith(" " * depth + "- "):
            self.at -= 1
            self.lines[self.at] = " " * (depth + 2) + line[depth + 2 :]
            return self._members(depth + 2)
        match = _SLOT.fullmatch(line, depth + 1)
        if line[: depth + 1] != " " * depth + "-" or match is None:
            raise ValueError(f"line {self.at} is no item")
        return self._slot(match, depth, {})

    def _next(self) -> str:
        if self.at >= len(self.lines):
            raise ValueError("the text ends too early")
        self.at += 1
        return self.lines[self.at - 1]

    def _table(self, count: int, above: Any, keyed: bool) -> list[Any]:
        columns = self._schema(0)
        if self._next() != RULE:
            raise ValueError(f"line {self.at} should end the columns")
        return self._rows(columns, count, above, 0, keyed)

    def _schema(self, depth: int) -> list[_Column]:
        found: list[_Column] = []
        near: Path = ()
        while True:
            line = self.lines[self.at] if self.at < len(self.lines) else RULE
            if line == RULE or not line.startswith(" " * depth):
                return found
            self.at += 1
            if line.startswith(_SUMMARY):
                continue
            line = line[depth:]
            for column in self._columns(line, near, depth):
                found.append(column)
                near = column.path

    def _columns(self, line: str, near: Path, depth: int) -> list[_Column]:
        if match := _INNER.fullmatch(line):
            path = parse(match[1], near)
            if match[2]:
                return [_Column(path, again=True)]
            return [_Column(path, inner=self._schema(depth + 1))]
        if match := _SAID.fullmatch(line):
            return [_said(match, near)]
        found = []
        at = 0
        while at < len(line):
            match = _PLAIN.match(line, at)
            if match is None:
                raise ValueError(f"line {self.at} names no columns")
            near = parse(match[1], near)
            found.append(_Column(near, text=bool(match[2])))
            at = match.end()
        return found

    def _rows(
        self, columns: list[_Column], count: int, above: Any, depth: int, keyed: bool = False
    ) -> list[Any]:
        found: list[Any] = []
        last: list[str] = []
        place = 0
        by_path = {column.path: column for column in columns}
        while place < count:
            line = self._next()
            if _NOTE.fullmatch(line):
                gap = Gap(line)
                found.append((f"\0{place}", gap) if keyed else gap)
                place += gap.rows
                continue
            full = line.startswith("*", depth)
            told = cells.split(line[depth + full :])
            last = told = told if full else _above(told, last)
            key = cells.read(told[0], text=True) if keyed else ""
            if key is ABSENT:
                raise ValueError(f"line {self.at} has no key")
            row = _Row(place, key, above, full, by_path)
            value = self._row(columns, row, told[keyed:], depth)
            found.append((key, value) if keyed else value)
            place += 1
        return found

    def _row(self, columns: list[_Column], row: _Row, told: list[str], depth: int) -> Any:
        celled = [c for c in columns if c.celled or (row.full and c.pieces is not None)]
        if len(told) != len(celled):
            raise ValueError(f"line {self.at} has {len(told)} cells for {len(celled)} columns")
        for column, cell in zip(celled, told, strict=True):
            row.cells[column.path] = cells.read(cell, column.text)
        root: list[Any] = []
        waiting: list[tuple[list[_Column], list[Any], int]] = []
        for column in columns:
            value = row.value(column)
            below = columns if column.again else column.inner
            if below is not None and type(value) is Spelled and value[0] != "[":
                inner: list[Any] = []
                waiting.append((below, inner, int(value)))
                value = inner
            if value is not ABSENT:
                _put(root, column.path, value)
        whole = root[0] if root else {}
        for below, inner, size in waiting:
            inner += self._rows(below, size, whole, depth + 1)
        return whole


def _above(told: list[str], last: list[str]) -> list[str]:
    """The cells with those that are as above filled in."""
    if ABOVE not in told:
        return told
    if len(last) != len(told):
        raise ValueError("there is no row above")
    return [before if cell == ABOVE else cell for cell, before in zip(told, last, strict=True)]


def _said(match: re.Match[str], near: Path) -> _Column:
    path = parse(match[1], near)
    where = parse(match[3], path) if match[3] else ()
    said = match[4]
    if not pattern.is_pattern(said):
        return _Column(path, where=where, constant=cells.read(said), celled=False)
    parts = pattern.split(said)
    names = [named for _, named in parts]
    alone = len(parts) == 2 and not parts[0][0] and not parts[1][0]
    number = alone and steps.is_number(names[0]) and not match[2]
    pieces = [piece for literal, named in parts for piece in _pieces(literal, named, path)]
    return _Column(path, not number, where, ABSENT, pieces, number, pattern.CELL in names)


def _pieces(literal: str, named: str, path: Path) -> list[Piece]:
    """What makes up a text, one after the other."""
    found: list[Piece] = [lambda row: literal] if literal else []
    if not named:
        return found
    rule = steps.rule(named)
    if named == pattern.CELL:
        found.append(lambda row: str(row.cells[path]))
    elif rule is not None:
        found.append(lambda row: rule(row.place))
    elif named == "(key)":
        found.append(lambda row: row.key)
    elif named.startswith("^."):
        key = parse(named[2:])[0]
        found.append(lambda row: _of_above(row.above, key))
    else:
        other = parse(named, path)
        found.append(lambda row: str(row.value(row.columns[other])))
    return found


def _of_above(above: Any, key: int | str) -> str:
    _let(above, key)
    return str(above[key])


def _put(root: list[Any], path: Path, value: Any) -> None:
    """Sets a value below `root`, a list of at most one element, making what lies between."""
    node: Any = root
    step: Any = 0
    for following in path:
        _let(node, step)
        fresh: Any = [] if isinstance(following, int) else {}
        if isinstance(node, list):
            if step == len(node):
                node.append(fresh)
            node = node[step]
        else:
            node = node.setdefault(step, fresh)
        step = following
    _let(node, step)
    if isinstance(node, list):
        if step != len(node):
            raise ValueError("an array has a hole")
        node.append(value)
    else:
        node[step] = value


def _let(node: Any, step: int | str) -> None:
    """Let only pass what can stand there: an index in an array, a name in an object."""
    if not isinstance(node, list if isinstance(step, int) else dict):
        raise ValueError("a column lies inside a value")
