"""Where values stand in a JSON body: byte offsets, found without decoding what is not asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, TypeVar

import msgspec

Span = tuple[int, int]
_T = TypeVar("_T")

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_WHOLE = msgspec.json.Decoder(msgspec.Raw)
_STRING = msgspec.json.Decoder(str)
_LONG = 200
_QUOTE = ord('"')
_BEFORE_VALUE = re.compile(rb'[\s,]*"[^"\\]*(?:\\.[^"\\]*)*"\s*:\s*', re.S)
_BETWEEN = re.compile(rb"[\s,]*")
_END = re.compile(rb"\s*[\]}]\s*\Z")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
# One character escaped, or as many as there are until the next escape.
_UNIT = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u.{4}|\\.|[^\\]+",
    re.S,
)
# What the decoders raise at text that is not valid JSON.
_UNSOUND = (msgspec.DecodeError, ValueError, RecursionError)


class Json:
    """One JSON text, which may be malformed: what is missing, not valid or named twice reads as if
    it were empty. A span holds the byte offsets [start, end) of a value."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        # Strings are read from `raw`.
        self._plain = raw
        self._shape = memoryview(raw)
        self._sound = False

    @property
    def whole(self) -> Span:
        return (0, len(self.raw))

    def members(self, span: Span | None) -> dict[str, Span]:
        """The members of an object; {} when it is none, or when it names a key twice."""
        if span is None:
            return {}
        values = self._opened(_OBJECT, span, {})
        ends = self._walk(span, iter(values.values()), _BEFORE_VALUE)
        return dict(zip(values, ends, strict=False)) if len(ends) == len(values) else {}

    def elements(self, span: Span | None) -> list[Span]:
        """The elements of an array; [] when it is none."""
        if span is None:
            return []
        values = self._opened(_ARRAY, span, [])
        return self._walk(span, iter(values), _BETWEEN)

    def _opened(self, decoder: msgspec.json.Decoder[_T], span: Span, otherwise: _T) -> _T:
        try:
            values = decoder.decode(self._shape[span[0] : span[1]])
        except _UNSOUND:
            if self._sound or not self._soften():
                return otherwise
            return self._opened(decoder, span, otherwise)
        self._sound = self._sound or span == self.whole
        return values

    def _soften(self) -> bool:
        """Replaces escapes of surrogates by others of the same length, for decoding only: msgspec
        refuses lone ones, and clients send them. False where the body is sound without that."""
        self._sound = True
        if _sound(self.raw):
            return False
        self._plain = _SURROGATE.sub(rb"\\ufffd", self.raw)
        self._shape = memoryview(self._plain)
        return True

    def _walk(
        self, span: Span, values: Iterator[msgspec.Raw], before: re.Pattern[bytes]
    ) -> list[Span]:
        """The spans of values that follow each other; [] unless they fill the span exactly."""
        plain, stop, found = self._plain, span[1], []
        at = plain.find(b"{" if before is _BEFORE_VALUE else b"[", *span) + 1
        for value in values:
            head = before.match(plain, at, stop)
            if head is None:
                return []
            start = head.end()
            # Compared as bytes: memoryviews compare item by item.
            content = memoryview(value)
            at = start + len(content)
            if not plain.startswith(content, start):
                return []
            found.append((start, at))
        return found if _END.match(plain, at, stop) else []

    def starts(self, span: Span | None, char: str) -> bool:
        """Whether the value begins with this character: `"` strings, `[` arrays, `{` objects."""
        return span is not None and self.raw[span[0] : span[0] + 1] == char.encode()

    def filled(self, span: Span | None) -> bool:
        """Whether the value is an array with something in it."""
        return self.starts(span, "[") and bool(self.raw[slice(*span or ())][1:-1].strip())

    def text(self, span: Span | None) -> str:
        """The string at the span, "" when it is none."""
        if span is None or self.raw[span[0]] != _QUOTE:
            return ""
        literal = self.raw[span[0] : span[1]]
        try:
            # msgspec is faster for short literals, `json` for long ones.
            decode = _STRING.decode if len(literal) < _LONG else _decoded
            return decode(literal)
        except _UNSOUND:
            found = value(literal)
        return found if isinstance(found, str) else ""

    def value(self, span: Span | None) -> Any:
        """The value at the span decoded, None when there is none."""
        if span is None:
            return None
        return value(self.raw[span[0] : span[1]])


def _decoded(literal: bytes) -> str:
    return str(json.loads(literal.decode()))


def _sound(raw: bytes) -> bool:
    try:
        _WHOLE.decode(raw)
    except _UNSOUND:
        return False
    return True


def utf8(raw: bytes) -> bool:
    """Whether the bytes are a text at all."""
    try:
        return raw.isascii() or bool(raw.decode())
    except UnicodeDecodeError:
        return False


def value(text: bytes | str) -> Any:
    """A JSON text decoded, None when it is unsound."""
    try:
        return msgspec.json.decode(text)
    except _UNSOUND:
        pass
    try:
        # It takes lone surrogates too.
        return json.loads(text if isinstance(text, str) else text.decode())
    except _UNSOUND:
        return None


def sound(text: str) -> str:
    """The text without lone surrogates, which no store and no terminal takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def offset(raw: bytes, text: str, count: int) -> int:
    """How many bytes of `raw`, the escaped form of `text`, its first `count` characters take."""
    if count == len(text):
        return len(raw)
    head = text[:count]
    for spell in (encode_basestring, encode_basestring_ascii):
        usual = spell(head)[1:-1].encode("utf-8", "surrogatepass")
        if raw.startswith(usual):
            return len(usual)
    return _counted(raw, count)


def _counted(raw: bytes, count: int) -> int:
    at = 0
    for unit in _UNIT.finditer(raw):
        if count <= 0:
            break
        if unit[0].startswith(b"\\"):
            count, at = count - 1, unit.end()
            continue
        run = unit[0].decode("utf-8", "replace")
        at += len(run[:count].encode())
        count -= len(run)
    return at


def inside(literal: Span) -> Span:
    """A string literal without its quotes."""
    return literal[0] + 1, literal[1] - 1
