"""Where the sentence stands in each API: a block of its own, behind what the client says.

Never inside the client's own words, and behind its last cache mark before the messages: what it
caches there stays shared with conversations that have no sentence.
"""

from __future__ import annotations

import json

from headroom_wrap.wire.spans import Json, Span

Edit = tuple[Span, bytes]

_LEADING = frozenset({"system", "developer"})
_SYSTEM = ("systemInstruction", "system_instruction")


def edit(wire: str, parsed: Json, sentence: str) -> Edit | None:
    """What to put where in the body; None where there is no such place."""
    find = {
        "anthropic": _anthropic,
        "openai_chat": _chat,
        "openai_responses": _responses,
        "gemini": _gemini,
    }.get(wire)
    top = parsed.members(parsed.whole)
    return find(parsed, top, json.dumps(sentence).encode()) if find and top else None


def _anthropic(parsed: Json, top: dict[str, Span], text: bytes) -> Edit | None:
    """The last block of `system`."""
    block = b'{"type":"text","text":' + text + b"}"
    system = top.get("system")
    if system is None:
        return _member(parsed, parsed.whole, b'"system":[' + block + b"]")
    if parsed.starts(system, '"'):
        own = parsed.raw[slice(*system)]
        before = b'{"type":"text","text":' + own + b"}," if own != b'""' else b""
        return system, b"[" + before + block + b"]"
    return _appended(parsed, system, block)


def _chat(parsed: Json, top: dict[str, Span], text: bytes) -> Edit | None:
    """A message behind those that lead, in the role of the last of them."""
    messages = parsed.elements(top.get("messages"))
    role = "system"
    for span in messages:
        named = parsed.text(parsed.members(span).get("role"))
        if named not in _LEADING:
            return (span[0], span[0]), _message(role, text) + b","
        role = named
    return None


def _responses(parsed: Json, top: dict[str, Span], text: bytes) -> Edit | None:
    """An item behind those that lead."""
    part = b'[{"type":"input_text","text":' + text + b"}]"
    item = b'{"type":"message","role":"developer","content":' + part + b"}"
    given = top.get("input")
    if given is not None and parsed.starts(given, '"'):
        user = b'{"type":"message","role":"user","content":' + parsed.raw[slice(*given)] + b"}"
        return given, b"[" + item + b"," + user + b"]"
    for span in parsed.elements(given):
        if parsed.text(parsed.members(span).get("role")) not in _LEADING:
            return (span[0], span[0]), item + b","
    return None


def _gemini(parsed: Json, top: dict[str, Span], text: bytes) -> Edit | None:
    """The last part of the system instruction."""
    whole = top.get("request", parsed.whole)
    request = parsed.members(whole)
    if "cachedContent" in request or "cached_content" in request:
        # It holds the instruction, and the API takes no other one beside it.
        return None
    part = b'{"text":' + text + b"}"
    for name in _SYSTEM:
        if name in request:
            return _appended(parsed, parsed.members(request[name]).get("parts"), part)
    return _member(parsed, whole, b'"systemInstruction":{"parts":[' + part + b"]}")


def _message(role: str, text: bytes) -> bytes:
    return b'{"role":"' + role.encode() + b'","content":' + text + b"}"


def _appended(parsed: Json, array: Span | None, element: bytes) -> Edit | None:
    """One more element of an array."""
    if array is None or not parsed.starts(array, "["):
        return None
    elements = parsed.elements(array)
    if elements:
        return (elements[-1][1], elements[-1][1]), b"," + element
    # Empty, or not to be read.
    empty = not parsed.raw[array[0] + 1 : array[1] - 1].strip()
    return (array, b"[" + element + b"]") if empty else None


def _member(parsed: Json, whole: Span, member: bytes) -> Edit | None:
    """One more member of an object that has some."""
    ends = [end for _, end in parsed.members(whole).values()]
    return ((ends[-1], ends[-1]), b"," + member) if ends else None
