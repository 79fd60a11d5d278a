"""Gemini: results are the strings in a `functionResponse`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from headroom_wrap.types import Block, Turn
from headroom_wrap.wire.said import Said
from headroom_wrap.wire.spans import Json, Span, inside, sound

NAME = "gemini"
_PATH = re.compile(r":(?:g|streamG)enerateContent$")
_TOOL = re.compile(rb'"function_?[dD]eclarations"')


def matches(host: str, path: str) -> bool:
    """Google's own, Vertex, and Code Assist."""
    return _PATH.search(path) is not None


def read(body: bytes, said: Said) -> Turn | None:
    """The tool results of a request."""
    json = Json(body)
    top = json.members(json.whole)
    # Code Assist wraps the request up.
    request = json.members(top["request"]) if "request" in top else top
    if not json.starts(request.get("contents"), "["):
        return None
    contents = json.elements(request["contents"])
    reader = _Reader(json, said)
    blocks = said.blocks(contents, reader.content)
    return Turn(
        sound(json.text(top.get("model"))),
        tuple(blocks),
        messages=tuple(contents),
        tools=_TOOL.search(body, *request.get("tools", (0, 0))) is not None,
    )


class _Reader:
    """Calls without an id are told apart by their place: the first answer is the first call's."""

    def __init__(self, json: Json, said: Said) -> None:
        self._json = json
        self._said = said
        self._calls: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()

    def content(self, span: Span) -> Iterator[Block]:
        """The results in one message."""
        json = self._json
        content = json.members(span)
        model = json.text(content.get("role")) == "model"
        for element in json.elements(content.get("parts")):
            part = json.members(element)
            text = json.text(part.get("text"))
            if model:
                self._said.assistant("" if json.value(part.get("thought")) else text)
                self._call(json.members(part.get("functionCall")))
            else:
                self._said.user(text)
                yield from self._response(json.members(part.get("functionResponse")))

    def _call(self, call: dict[str, Span]) -> None:
        tool = self._json.text(call.get("name"))
        if tool:
            name = self._name(call, tool, self._calls)
            self._said.call(name, tool, self._json.value(call.get("args")))

    def _name(self, call: dict[str, Span], tool: str, count: Counter[str]) -> str:
        count[tool] += 1
        return self._json.text(call.get("id")) or f"{tool} {count[tool]}"

    def _response(self, response: dict[str, Span]) -> Iterator[Block]:
        json = self._json
        if not response:
            return
        name = self._name(response, json.text(response.get("name")), self._answers)
        members = json.members(response.get("response"))
        failed = json.value(members.get("error")) is not None
        for span in members.values():
            text = json.text(span)
            if text:
                yield self._said.block(inside(span), text, name, failed)
