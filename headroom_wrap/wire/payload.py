"""The results inside a string that a client made: behind its header, or inside a JSON text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from headroom_wrap.wire.added import Own
from headroom_wrap.wire.spans import Json, Span, inside, offset

# Bytes that one character takes at most: two escapes of a surrogate pair.
_LONGEST = 12
_MANY = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One result. `span` counts from the start of the literal's inside; with `quoted` it lies in
    a JSON string of the JSON text that the literal holds."""

    span: Span
    text: str
    quoted: bool = False
    failed: bool = False


def parts(raw: bytes, text: str, within: Own) -> Iterator[Part]:
    """The results in `raw`, the inside of a literal that reads `text`."""
    start, end = offset(raw, text, within.start), offset(raw, text, within.end)
    raw, text = raw[start:end], text[within.start : within.end]
    found = list(_inner(raw, text)) if text[:1] in ("{", "[") else []
    if not found and text:
        found = [Part((0, len(raw)), text)]
    for part in found:
        span = start + part.span[0], start + part.span[1]
        yield Part(span, part.text, part.quoted, part.failed or within.failed)


def _inner(raw: bytes, text: str) -> Iterator[Part]:
    """The results in a JSON text; their places are counted on from one to the next."""
    plain = text.encode("utf-8", "surrogatepass")
    json = Json(plain)
    literals, failed = _literals(json)
    done = characters = at = 0
    for span in literals:
        ends = []
        for stop in inside(span):
            count = len(plain[done:stop].decode("utf-8", "surrogatepass"))
            rest = raw[at : at + _LONGEST * (count + 1)]
            at += offset(rest, text[characters : characters + count + 1], count)
            done, characters = stop, characters + count
            ends.append(at)
        said = json.text(span)
        if said:
            yield Part((ends[0], ends[1]), said, True, failed)


def _literals(json: Json) -> tuple[list[Span], bool]:
    """The strings that hold results, and whether these are flagged as errors."""
    if json.starts(json.whole, "["):
        return _texts(json, json.whole), False
    members = json.members(json.whole)
    if json.starts(members.get("output"), '"'):
        code = members.get("exit_code") or json.members(members.get("metadata")).get("exit_code")
        return [members["output"]], json.value(code) not in (None, 0)
    return _texts(json, members.get("content")), json.value(members.get("isError")) is True


def _texts(json: Json, content: Span | None) -> list[Span]:
    """The texts among the contents of an MCP result; [] unless all look like such."""
    found: list[Span] = []
    elements = json.elements(content)
    if len(elements) > _MANY:
        return []
    for element in elements:
        part = json.members(element)
        kind = json.text(part.get("type"))
        if not kind:
            return []
        if kind == "text" and json.starts(part.get("text"), '"'):
            found.append(part["text"])
    return found
