"""JSON text to values and back, every number, escape and blank as it was spelled.

Strings are kept as their source between the quotes and numbers as their source, so that nothing is
ever spelled anew. White space is a style: msgspec lays the compact form out again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import msgspec


class Spelled(str):
    """A piece of compact JSON that stands for itself: a number, or an object with equal keys."""

    __slots__ = ()


class Gap(Spelled):
    """Rows that are left out, as the note that stands for them."""

    __slots__ = ()

    @classmethod
    def of(cls, count: int) -> Gap:
        return cls(f"[… {count} {'row' if count == 1 else 'rows'}]")

    @property
    def rows(self) -> int:
        return int(self.split()[1])


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed text: its value, how it was laid out, and the white space after it."""

    value: Any
    style: str
    end: str


# Escapes would end up decoded; these stand in for them, and cannot occur in JSON themselves.
_PAIR, _QUOTE, _ESCAPE = "\x01", "\x02", "\x03"
FREE = "free"
_STAND_IN = re.compile("[\x01-\x03]")
_INDENT = re.compile(r"[\[{]\r?\n( +|\t)\S")
_NEXT = re.compile(r"(?<=[}\]])\n(?=[{\[])")
_WORDS = {True: "true", False: "false", None: "null"}


def load(text: str, any_style: bool = False) -> Source | None:
    """The values of a JSON text or of JSON Lines.

    None when the text could not be given back, unless white space of `any_style` will do.
    """
    body = text.rstrip("\n")
    end = text[len(body) :]
    if not body or len(end) > 1 or body[0] not in "[{" or has_stand_ins(text):
        return None
    try:
        found = _document(body, any_style) or _lines(body)
        if found is None:
            return None
        compact, style = found
        value = _parse(_shield(compact))
    except (ValueError, RecursionError):
        return None
    return Source(value, style, end)


def dump(value: Any, style: str) -> str:
    """The text of a value in a style; `value` may hold stand-ins."""
    layout, _, width = style.partition(" ")
    if layout == "lines":
        rows = _parse(value) if type(value) is Spelled else value
        return "\n".join(_format(unshield(spell(row)), width) for row in rows)
    return _format(unshield(spell(value)), style)


def spell(value: Any) -> str:
    """The compact JSON of a value."""
    kind = type(value)
    if kind is str:
        return f'"{value}"'
    if isinstance(value, Spelled):
        return str(value)
    if kind is dict:
        return "{" + ",".join([f'"{key}":{spell(item)}' for key, item in value.items()]) + "}"
    if kind is list:
        return "[" + ",".join([spell(item) for item in value]) + "]"
    return _WORDS[value]


def unshield(text: str) -> str:
    """The text with its escapes back."""
    if _STAND_IN.search(text) is None:
        return text
    return text.replace(_PAIR, "\\\\").replace(_QUOTE, '\\"').replace(_ESCAPE, "\\")


def shield(text: str) -> str:
    """A text of ours with stand-ins for its escapes."""
    return _shield(text)


def has_stand_ins(text: str) -> bool:
    """Whether a text holds what stands in for escapes, which no sound one does."""
    return _STAND_IN.search(text) is not None


def raw(said: str) -> str:
    """What a string stands for whose only escapes are those of a quote, `\\` and a line break."""
    if _STAND_IN.search(said) is None:
        return said
    return said.replace(_ESCAPE + "n", "\n").replace(_QUOTE, '"').replace(_PAIR, "\\")


def values(spelled: str) -> Any:
    """The values of compact JSON with stand-ins for its escapes."""
    return _parse(spelled)


def _shield(text: str) -> str:
    if "\\" not in text:
        return text
    return text.replace("\\\\", _PAIR).replace('\\"', _QUOTE).replace("\\", _ESCAPE)


def _parse(shielded: str) -> Any:
    return json.loads(
        shielded,
        strict=False,
        parse_int=Spelled,
        parse_float=Spelled,
        object_pairs_hook=_object,
    )


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    return Spelled("{" + ",".join(f'"{key}":{spell(value)}' for key, value in pairs) + "}")


def _document(body: str, any_style: bool) -> tuple[str, str] | None:
    """The compact form of one JSON document and the style that gives it back."""
    indent = _INDENT.match(body)
    try:
        compact = _format(body, "compact")
        for style in (_width(indent),) if indent else ("compact", "spaced"):
            if _format(compact, style) == body:
                return compact, style
    except msgspec.DecodeError:
        return None
    return (compact, FREE) if any_style else None


def _width(indent: re.Match[str]) -> str:
    return "tab" if indent[1] == "\t" else str(len(indent[1]))


def _lines(body: str) -> tuple[str, str] | None:
    """JSON Lines, or documents printed one after the other, as one array."""
    rows = _NEXT.split(body)
    if len(rows) < 2 or body[0] not in "[{":
        return None
    try:
        compact = _format(f"[{','.join(rows)}]", "compact")
        indent = _INDENT.match(body)
        for style in (_width(indent),) if indent else ("compact", "spaced"):
            if all(_format(row, style) == row for row in rows):
                return compact, f"lines {style}"
    except msgspec.DecodeError:
        pass
    return None


def _format(text: str, style: str) -> str:
    """`text` laid out: compact, spaced, or by the number of blanks (or tab) it is indented with."""
    if style == "tab":
        return re.sub(r"(?m)^ +", lambda m: "\t" * len(m[0]), _format(text, "1"))
    indent = {"compact": -1, "spaced": 0}.get(style)
    try:
        body = text.encode()
        return msgspec.json.format(body, indent=int(style) if indent is None else indent).decode()
    except UnicodeError as problem:
        raise msgspec.DecodeError(str(problem)) from problem
