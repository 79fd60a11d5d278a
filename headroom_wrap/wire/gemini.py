"""Gemini: results are the strings in a `functionResponse`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.types import Block, Turn
from headroom_wrap.wire.said import Said
from headroom_wrap.wire.spans import Json, Span, inside

NAME = "gemini"
_PATH = re.compile(r"/models/([^/]+):(?:stream)?[gG]enerateContent$")


def matches(host: str, path: str) -> bool:
    """Google's own and Vertex."""
    return _PATH.search(path) is not None


def read(body: bytes, said: Said) -> Turn | None:
    """The tool results of a request."""
    json = Json(body)
    top = json.members(json.whole)
    if "contents" not in top:
        return None
    contents = json.elements(top["contents"])
    blocks = [block for span in contents for block in _content(json, span, said)]
    return Turn(json.text(top.get("model")), tuple(blocks), messages=tuple(contents))


def _content(json: Json, span: Span, said: Said) -> Iterator[Block]:
    content = json.members(span)
    model = json.text(content.get("role")) == "model"
    for element in json.elements(content.get("parts")):
        part = json.members(element)
        text = json.text(part.get("text"))
        if model:
            said.assistant(text)
        else:
            said.user(text)
        if "functionCall" in part and model:
            call = json.members(part["functionCall"])
            tool = json.text(call.get("name"))
            said.call(json.text(call.get("id")) or tool, tool, json.value(call.get("args")))
        if "functionResponse" in part and not model:
            yield from _response(json, json.members(part["functionResponse"]), said)


def _response(json: Json, response: dict[str, Span], said: Said) -> Iterator[Block]:
    name = json.text(response.get("id")) or json.text(response.get("name"))
    members = json.members(response.get("response"))
    failed = "error" in members
    for span in members.values():
        if json.starts(span, '"'):
            text = json.text(span)
            yield Block(inside(span), text, said.origin(name), name, failed, said.query(name))
