"""One value of a table in its cell, and back: bare where that can mean one thing only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from headroom_wrap.compressors.jsontable.source import Spelled, spell


class Absent:
    """The value of a cell whose object has no such key."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()
ABOVE = "^"
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_BARE = re.compile(r'[^,"\x01-\x03\[{^*<\s…][^,"\x01-\x03]*(?<!\s)')
_LITERAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_CELL = re.compile(r'("[^"]*")|([\[{])|([^,]*)')
_DECODER = json.JSONDecoder(strict=False)


def write(value: Any, text: bool = False) -> str:
    """The cell of a value; in a column of texts, what looks like a number is one bare."""
    if value is ABSENT:
        return ""
    if type(value) is str:
        if _BARE.fullmatch(value) and (text or not _LITERAL.fullmatch(value)):
            return value
        return f'"{value}"'
    return spell(value)


def constant(value: Any) -> str:
    """A value as it is said once for a column; one that could pass for a pattern is quoted."""
    said = write(value)
    return f'"{value}"' if type(value) is str and "<" in said else said


def looks_literal(value: str) -> bool:
    """Whether a string would read as a number, true, false or null."""
    return _LITERAL.fullmatch(value) is not None


def read(cell: str, text: bool = False) -> Any:
    """The value of a cell as `write` gave it."""
    if cell == "":
        return ABSENT
    first = cell[0]
    if first == '"':
        return cell[1:-1]
    if first in "[{":
        return Spelled(cell)
    if not text and _LITERAL.fullmatch(cell):
        return _WORDS[cell] if cell in _WORDS else Spelled(cell)
    return cell


def split(line: str) -> list[str]:
    """The cells of a row."""
    if '"' not in line and ",[" not in line and ",{" not in line and line[:1] not in ("[", "{"):
        return line.split(",")
    return list(_scan(line))


def _scan(line: str) -> Iterator[str]:
    at = 0
    while True:
        match = _CELL.match(line, at)
        assert match
        end = _DECODER.raw_decode(line, at)[1] if match[2] else match.end()
        yield line[at:end]
        if end >= len(line):
            return
        if line[end] != ",":
            raise ValueError(f"no comma after the cell at {end}")
        at = end + 1
