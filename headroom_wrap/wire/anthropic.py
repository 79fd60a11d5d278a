"""Anthropic Messages: tool results stand in user messages, as a string or as text blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from headroom_wrap.types import Block, Turn
from headroom_wrap.wire import aider
from headroom_wrap.wire.added import own
from headroom_wrap.wire.said import Said
from headroom_wrap.wire.spans import Json, Span, inside, offset, sound

NAME = "anthropic"
_PATH = re.compile(r"/messages$")
_SESSION = re.compile(r"session_?(?:id\\?\"\s*:\s*\\?\")?_?([0-9a-f-]{36})")
_FORGETS = b"clear_tool_uses"
# Not those that the provider runs itself, as a search of the web is.
_TOOL = re.compile(rb'"input_schema"|"type"\s*:\s*"(?:bash|text_editor|computer|memory)_')


def matches(host: str, path: str) -> bool:
    """The endpoint itself: not its token counter, not its batches."""
    return _PATH.search(path) is not None


def read(body: bytes, said: Said) -> Turn | None:
    """The tool results of a request."""
    json = Json(body)
    top = json.members(json.whole)
    if not json.starts(top.get("messages"), "["):
        return None
    messages = json.elements(top["messages"])
    said.typed = "tools" not in top
    blocks = said.blocks(messages, lambda span: _message(json, span, said))
    return Turn(
        sound(json.text(top.get("model"))),
        tuple(blocks),
        streamed=json.value(top.get("stream")) is True,
        messages=tuple(messages),
        session=_session(json, top.get("metadata")),
        tools=_TOOL.search(body, *top.get("tools", (0, 0))) is not None,
        forgets=_FORGETS in body[slice(*top.get("context_management", (0, 0)))],
    )


def _session(json: Json, metadata: Span | None) -> str:
    user = json.text(json.members(metadata).get("user_id"))
    found = _SESSION.search(user)
    return found[1] if found else ""


def _message(json: Json, span: Span, said: Said) -> Iterator[Block]:
    message = json.members(span)
    role, content = json.text(message.get("role")), message.get("content")
    if role == "assistant":
        _answer(json.value(content), said)
    elif role != "user":
        return
    elif json.starts(content, '"'):
        yield from aider.user(json, content, json.text(content), said)
    else:
        for element in json.elements(content):
            yield from _block(json, json.members(element), said)


def _answer(content: Any, said: Said) -> None:
    """Takes note of what the model said and called; nothing of it is ever changed."""
    if isinstance(content, str):
        said.assistant(content)
    for part in content if isinstance(content, list) else ():
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and isinstance(part.get("text"), str):
            said.assistant(part["text"])
        elif kind == "tool_use":
            name, tool = part.get("id"), part.get("name")
            if isinstance(name, str) and isinstance(tool, str):
                said.call(name, tool, part.get("input"))


def _block(json: Json, block: dict[str, Span], said: Said) -> Iterator[Block]:
    kind, text = json.text(block.get("type")), block.get("text")
    if kind == "text":
        yield from aider.user(json, text, json.text(text), said)
    elif kind == "tool_result":
        yield from _result(json, block, said)


def _result(json: Json, block: dict[str, Span], said: Said) -> Iterator[Block]:
    name = json.text(block.get("tool_use_id"))
    failed = json.value(block.get("is_error")) is True
    for span in texts(json, block.get("content"), ("text",)):
        yield from result(json, span, said, name, failed)


def result(json: Json, span: Span, said: Said, name: str, failed: bool = False) -> Iterator[Block]:
    """The result in a string literal."""
    text = json.text(span)
    found = own(text)
    if found.start < found.end:
        start, end = inside(span)
        raw = json.raw[start:end]
        place = start + offset(raw, text, found.start), start + offset(raw, text, found.end)
        yield said.block(place, text[found.start : found.end], name, failed or found.failed)


def texts(json: Json, content: Span | None, kinds: tuple[str, ...]) -> Iterator[Span]:
    """The string literals of a content: itself, or those of its text parts."""
    if content is None:
        return
    if json.starts(content, '"'):
        yield content
        return
    for element in json.elements(content):
        part = json.members(element)
        if json.text(part.get("type")) in kinds and json.starts(part.get("text"), '"'):
            yield part["text"]
