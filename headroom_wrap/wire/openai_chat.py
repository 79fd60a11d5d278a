"""OpenAI Chat Completions: tool results are messages with the role `tool`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.types import Block, Turn
from headroom_wrap.wire import aider
from headroom_wrap.wire.anthropic import result, texts
from headroom_wrap.wire.said import Said
from headroom_wrap.wire.spans import Json, Span, sound

NAME = "openai_chat"
_SPEAKERS = frozenset({"user", "assistant", "tool", "function"})
_PATH = re.compile(r"/chat/completions$")


def matches(host: str, path: str) -> bool:
    """OpenAI's own and every compatible endpoint."""
    return _PATH.search(path) is not None


def read(body: bytes, said: Said) -> Turn | None:
    """The tool results of a request."""
    json = Json(body)
    top = json.members(json.whole)
    if not json.starts(top.get("messages"), "["):
        return None
    messages = json.elements(top["messages"])
    said.typed = not {"tools", "functions"} & top.keys()
    blocks = said.blocks(messages, lambda span: _message(json, span, said))
    return Turn(
        sound(json.text(top.get("model"))),
        tuple(blocks),
        streamed=json.value(top.get("stream")) is True,
        messages=tuple(messages),
        session=sound(json.text(top.get("prompt_cache_key"))),
        tools=json.filled(top.get("tools")) or json.filled(top.get("functions")),
    )


def _message(json: Json, span: Span, said: Said) -> Iterator[Block]:
    message = json.members(span)
    role = json.text(message.get("role"))
    if role not in _SPEAKERS:
        return
    for part in texts(json, message.get("content"), ("text",)):
        text = json.text(part)
        if role == "user":
            yield from aider.user(json, part, text, said)
        elif role == "assistant":
            said.assistant(text)
        elif text:
            name = json.text(message.get("tool_call_id")) or json.text(message.get("name"))
            yield from result(json, part, said, name)
    if role == "assistant":
        _calls(json, message, said)


def _calls(json: Json, message: dict[str, Span], said: Said) -> None:
    for element in json.elements(message.get("tool_calls")):
        call = json.members(element)
        function = json.members(call.get("function") or call.get("custom"))
        arguments = json.text(function.get("arguments") or function.get("input"))
        said.call(json.text(call.get("id")), json.text(function.get("name")), arguments)
    if "function_call" in message:
        function = json.members(message["function_call"])
        name = json.text(function.get("name"))
        said.call(name, name, json.text(function.get("arguments")))
