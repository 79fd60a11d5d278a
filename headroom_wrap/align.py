"""Requests of clients that leave the provider's cache to chance, put so that it finds its way.

Only what the client does not do itself: cache marks for Anthropic, a cache key for OpenAI, and
tools in one order. A request that carries either mark is left alone. Values stay byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import msgspec

Raw = msgspec.Raw
Members = dict[str, msgspec.Raw]

_MARK = b'"cache_control":{"type":"ephemeral"}'
_OWN = (b'"cache_control"', b'"prompt_cache_key"')
_OPENAI = ("/chat/completions", "/responses")
# Shorter prompts are cached by nobody.
_LEAST_BYTES = 4096
_VOLATILE = re.compile(
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?\S*|\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d:\d\d\b"
    r"|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|^(?: M|M |\?\?|A |D ) \S+$",
    re.MULTILINE,
)
_members = msgspec.json.Decoder(Members)
_list = msgspec.json.Decoder(list[Raw])
_text = msgspec.json.Decoder(str)


def aligned(host: str, path: str, body: bytes) -> bytes:
    """The body to send in place of `body`; the same where there is nothing to do."""
    if len(body) < _LEAST_BYTES or any(mark in body for mark in _OWN):
        return body
    anthropic = path.endswith("/v1/messages")
    if not anthropic and not (host == "api.openai.com" and path.endswith(_OPENAI)):
        return body
    try:
        members = _members.decode(body)
        if "tools" in members:
            members["tools"] = _ordered(members["tools"])
        if anthropic:
            _mark(members)
        else:
            members["prompt_cache_key"] = Raw(msgspec.json.encode(_key(members)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return body
    return _object(members)


def volatile(body: bytes) -> tuple[str, list[str]]:
    """What of the system prompt is new each time (times, ids, git's state), behind the hash of
    the rest: it ends the prefix that a cache can hold, so it belongs behind all that stays."""
    try:
        members = _members.decode(body)
        system = "\n".join(_system(members))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "", []
    rest = _VOLATILE.sub("", system).encode("utf-8", "surrogatepass")
    found = dict.fromkeys(found[0] for found in _VOLATILE.finditer(system))
    return hashlib.blake2b(rest, digest_size=12).hexdigest(), list(found)


def moved(path: str, body: bytes) -> bytes:
    """The body with the volatile lines of its system prompt behind everything else, where they
    end nobody's cached prefix; the same body where there are none, or for who marks its own."""
    if any(mark in body for mark in _OWN):
        return body
    try:
        members = _members.decode(body)
        messages = _list.decode(members["messages"]) if "messages" in members else []
        if not messages:
            return body
        lines: list[str] = []
        if "system" in members:
            members["system"] = _without(members["system"], lines)
        first = _members.decode(messages[0])
        if bytes(first.get("role", b"")) in (b'"system"', b'"developer"') and len(messages) > 1:
            first["content"] = _without(first["content"], lines)
            messages[0] = Raw(_object(first))
        if not lines:
            return body
        context = msgspec.json.encode("\n".join(lines))
        if path.endswith("/v1/messages"):
            messages[-1] = _followed(messages[-1], context)
        else:
            messages.append(Raw(b'{"role":"system","content":' + context + b"}"))
        members["messages"] = _array(messages)
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError):
        return body
    return _object(members)


def _without(content: Raw, lines: list[str]) -> Raw:
    """A text, or a list of blocks, without its volatile lines; these go into `lines`."""
    inside = bytes(content).lstrip()
    if inside[:1] == b'"':
        whole = _text.decode(inside).split("\n")
        kept = [line for line in whole if not _VOLATILE.search(line)]
        if not any(map(str.strip, kept)):
            # The provider takes no empty text.
            return content
        lines += [line for line in whole if _VOLATILE.search(line)]
        return Raw(msgspec.json.encode("\n".join(kept)))
    blocks = [_members.decode(block) for block in _list.decode(inside)]
    for block in blocks:
        if "text" in block:
            block["text"] = _without(block["text"], lines)
    return _array([Raw(_object(block)) for block in blocks])


def _followed(message: Raw, context: bytes) -> Raw:
    """A user's message with one more text block; raises ValueError at another's."""
    members = _members.decode(message)
    if bytes(members.get("role", b"")) != b'"user"':
        raise ValueError("the last message is not the user's")
    content = bytes(members["content"]).strip()
    block = b'{"type":"text","text":' + context + b"}"
    if content[:1] == b'"':
        content = b'[{"type":"text","text":' + content + b"}]"
    members["content"] = _array([*_list.decode(content), Raw(block)])
    return Raw(_object(members))


def _system(members: Members) -> Iterator[str]:
    yield from _texts(members.get("system"))
    yield from _texts(members.get("instructions"))
    for name in ("messages", "input"):
        first = _list.decode(members[name])[:1] if bytes(members.get(name, b""))[:1] == b"[" else []
        for message in map(_members.decode, first):
            if bytes(message.get("role", b"")) in (b'"system"', b'"developer"'):
                yield from _texts(message.get("content"))


def _ordered(tools: Raw) -> Raw:
    """Tools by name: some clients list them in another order each time."""
    return _array(sorted(_list.decode(tools), key=_name))


def _name(tool: Raw) -> str:
    members = _members.decode(tool)
    inner = _members.decode(members["function"]) if "function" in members else members
    return _text.decode(inner["name"]) if "name" in inner else ""


def _mark(members: Members) -> None:
    """One mark behind what never changes, one behind what has been said so far."""
    if "system" in members:
        members["system"] = _marked(members["system"])
    elif "tools" in members:
        members["tools"] = _marked(members["tools"])
    messages = _list.decode(members["messages"]) if "messages" in members else []
    if messages:
        last = _members.decode(messages[-1])
        if "content" in last:
            last["content"] = _marked(last["content"])
            members["messages"] = _array([*messages[:-1], Raw(_object(last))])


def _marked(content: Raw) -> Raw:
    """A text or a list of blocks with a mark on its last block."""
    inside = bytes(content).strip()
    if inside[:1] == b'"':
        return Raw(
            b'[{"type":"text","text":' + inside + b"," + _MARK + b"}]"
            if inside != b'""'
            else inside
        )
    blocks = _list.decode(content)
    if not blocks:
        return content
    last = bytes(blocks[-1]).strip()
    if not _markable(last):
        return content
    kept = Raw(last[:-1].rstrip() + b"," + _MARK + b"}")
    return _array([*blocks[:-1], kept])


def _markable(block: bytes) -> bool:
    """The provider takes no mark on an empty text, nor on what the model thought."""
    members = _members.decode(block)
    kind = bytes(members.get("type", b'""'))
    if kind in (b'"thinking"', b'"redacted_thinking"'):
        return False
    return bool(members) and bytes(members.get("text", b"")) != b'""'


def _key(members: Members) -> str:
    """The same for all requests of one conversation: how it begins."""
    whole = hashlib.blake2b(digest_size=12)
    for name in ("model", "instructions", "tools"):
        whole.update(bytes(members.get(name, b"")))
    for name in ("messages", "input"):
        if bytes(members.get(name, b"")).lstrip()[:1] == b"[":
            for item in _list.decode(members[name])[:2]:
                whole.update(bytes(item))
    return f"headroom-{whole.hexdigest()}"


def _texts(value: Raw | None) -> Iterator[str]:
    inside = bytes(value or b"").lstrip()
    if inside[:1] == b'"':
        yield _text.decode(inside)
    elif inside[:1] == b"[":
        for block in _list.decode(inside):
            members = _members.decode(block)
            if "text" in members:
                yield _text.decode(members["text"])


def _object(members: Members) -> bytes:
    pairs = (msgspec.json.encode(name) + b":" + bytes(value) for name, value in members.items())
    return b"{" + b",".join(pairs) + b"}"


def _array(items: list[Raw]) -> Raw:
    return Raw(b"[" + b",".join(map(bytes, items)) + b"]")
