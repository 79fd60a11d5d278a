"""YAML in plain blocks, as tools print it, to the values of a JSON text and back to the byte.

A scalar is kept as its source. Only where quotes merely say that a number or a time is a text
they are left out: `"5"` is the text 5, `5` the number. All else that is odd about a document
(comments, other indents, empty values) shows when it is laid out again: then it is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from headroom_wrap.compressors.jsontable.source import (
    Source,
    Spelled,
    has_stand_ins,
    raw,
    shield,
    spell,
    values,
)

NAME = "yaml"

_LITERAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
_QUOTED_TIME = re.compile(rf'"{_TIME.pattern}"')
_WORDS = {"true": True, "false": False, "null": None}
_MEMBER = re.compile(r"""([^\s"'#?&*!|>%@`{\[\],-][^\n]*?|"[^"\\]*"|'[^']*'):(?: (\S.*))?""")
_DASH = "- "
_STEP = 2
_DEEPEST = 40
_LEAST_ITEMS = 3
_SEEN = 60
_LINE = re.compile(r" *(?:- )*(?:[^\s:#]+:(?: |$)|- )|\s|$")
_ITEM = re.compile(r"^ *- ", re.MULTILINE)


def looks(text: str) -> bool:
    """Whether a text begins as a YAML document with lists."""
    lines = text[:6_000].split("\n")[:-1][:_SEEN]
    if len(lines) < _LEAST_ITEMS or not _MEMBER.fullmatch(lines[0].removeprefix(_DASH)):
        return False
    return _ITEM.search(text[:20_000]) is not None and all(map(_LINE.match, lines))


def load(text: str) -> Source | None:
    """The values of a YAML document; None when it would not come back to the byte."""
    body = text.removesuffix("\n")
    if has_stand_ins(body):
        return None
    times = "times" if _QUOTED_TIME.search(body) else "plain"
    try:
        reader = _Reader(body.split("\n"), times == "times")
        value = reader.node(0)
    except ValueError:
        return None
    if reader.at < len(reader.lines) or type(value) not in (dict, list):
        return None
    for indent in ("0", "2"):
        style = f"{NAME} {indent} {times}"
        if dump(value, style) == body:
            return Source(value, style, text[len(body) :])
    return None


def dump(value: Any, style: str) -> str:
    """The text of a value in a style; `value` may hold parts that are spelled as JSON."""
    _, indent, times = style.split(" ")
    whole = values(spell(value))
    return "\n".join(_Writer(int(indent), times == "times").block(whole, 0))


class _Reader:
    """The lines of a document, and how far they are read."""

    def __init__(self, lines: list[str], times: bool) -> None:
        self.lines = lines
        self.times = times
        self.at = 0

    def node(self, depth: int) -> Any:
        """The mapping or list whose lines begin at column `depth`."""
        if depth > _DEEPEST * _STEP:
            raise ValueError("too deep")
        return self._list(depth) if self._dashed(depth) else self._mapping(depth)

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._indent() == depth and not self._dashed(depth):
            member = _MEMBER.fullmatch(self.lines[self.at], depth)
            if member is None or (key := shield(_json(member[1]))) in found:
                raise ValueError(f"line {self.at + 1} is no member")
            self.at += 1
            found[key] = self._scalar(member[2], depth) if member[2] else self._below(depth)
        if not found:
            raise ValueError(f"line {self.at + 1} is no mapping")
        return found

    def _below(self, depth: int) -> Any:
        if self._indent() == depth + _STEP or self._dashed(depth):
            return self.node(self._indent())
        raise ValueError(f"nothing below line {self.at}")

    def _list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while self._dashed(depth):
            said = self.lines[self.at][depth + len(_DASH) :]
            if said.startswith(_DASH) or _MEMBER.fullmatch(said):
                self.lines[self.at] = " " * (depth + _STEP) + said
                found.append(self.node(depth + _STEP))
            else:
                self.at += 1
                found.append(self._scalar(said, depth))
        return found

    def _scalar(self, said: str, depth: int) -> Any:
        """A scalar with the lines of it that follow, which stand deeper."""
        more = [said]
        margin = " " * (depth + _STEP)
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line and not line.startswith(margin):
                break
            more.append(line[len(margin) :])
            self.at += 1
        return self._value("\n".join(more))

    def _value(self, said: str) -> Any:
        if said in ("{}", "[]"):
            return {} if said == "{}" else []
        if _LITERAL.fullmatch(said):
            return _WORDS[said] if said in _WORDS else Spelled(said)
        bare = said[1:-1]
        if said == f'"{bare}"' and _quoted(bare, self.times):
            return bare
        return shield(_json(said))

    def _indent(self) -> int:
        if self.at >= len(self.lines):
            return -1
        line = self.lines[self.at]
        return len(line) - len(line.lstrip(" "))

    def _dashed(self, depth: int) -> bool:
        return self._indent() == depth and self.lines[self.at].startswith(_DASH, depth)


class _Writer:
    """How a document is laid out: the indent of lists in mappings, and whether times are quoted."""

    def __init__(self, indent: int, times: bool) -> None:
        self.indent = indent
        self.times = times

    def block(self, value: Any, depth: int) -> Iterator[str]:
        """The lines of a mapping or list at column `depth`."""
        margin = " " * depth
        if type(value) is dict:
            for key, item in value.items():
                head = f"{margin}{raw(key)}:"
                if item and type(item) in (dict, list):
                    yield head
                    yield from self.block(
                        item, depth + (_STEP if type(item) is dict else self.indent)
                    )
                else:
                    yield f"{head} {self._scalar(item, depth)}"
            return
        for item in value:
            if item and type(item) in (dict, list):
                first, *others = self.block(item, depth + _STEP)
                yield f"{margin}{_DASH}{first[depth + _STEP :]}"
                yield from others
            else:
                yield f"{margin}{_DASH}{self._scalar(item, depth)}"

    def _scalar(self, value: Any, depth: int) -> str:
        if type(value) is not str:
            return spell(value)
        said = raw(value)
        if _quoted(said, self.times):
            return f'"{said}"'
        first, *more = said.split("\n")
        margin = " " * (depth + _STEP)
        return "\n".join([first, *(margin + line if line else "" for line in more)])


def _quoted(said: str, times: bool) -> bool:
    """Whether a text has quotes because it would be something else without."""
    return bool(_LITERAL.fullmatch(said) or (times and _TIME.fullmatch(said)))


def _json(said: str) -> str:
    return said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
