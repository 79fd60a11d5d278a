"""The tool on a WebSocket: the provider holds the history, so nothing has to be put back."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from headroom_wrap.gateway.inject import Inject, openai_responses, tool
from headroom_wrap.gateway.inject.events import Event
from headroom_wrap.gateway.inject.openai_responses import Passing, ours, theirs
from headroom_wrap.wire import put
from headroom_wrap.wire.spans import Json, value

_KNOWN = 5000


class Socket:
    """One socket. `up` and `down` take every message of the client's and of the server's."""

    def __init__(self, inject: Inject) -> None:
        self._inject = inject
        self._create: dict[str, Any] = {}
        self._named: dict[str, None] = {}
        self._carried: list[dict[str, Any]] = []
        self._begin()

    def _begin(self) -> None:
        self._passing = Passing()
        self._round = 0
        self._shown: list[dict[str, Any]] = []
        self._output = 0

    def declared(self, message: bytes) -> bytes:
        """The client's message with the tool, and with results that its own must not go without."""
        parsed = Json(message)
        top = parsed.members(parsed.whole)
        if parsed.text(top.get("type")) != "response.create":
            return message
        self._begin()
        edits = []
        if parsed.elements(top.get("tools")):
            edits.append(openai_responses.declaration(parsed, top["tools"]))
        if self._carried and parsed.elements(top.get("input")):
            texts = b", ".join(json.dumps(item).encode() for item in self._carried)
            edits.append(tool.appended(top["input"], texts))
            self._carried = []
        return put(message, edits)

    def sent(self, message: bytes, named: Collection[str]) -> None:
        """Take note of what went to the server, and of the originals that we named in it."""
        found = value(message)
        if isinstance(found, dict) and found.get("type") == "response.create":
            self._create = found
        self._named.update(dict.fromkeys(named))
        while len(self._named) > _KNOWN:
            self._named.pop(next(iter(self._named)))

    async def down(self, message: bytes) -> tuple[bytes | None, bytes | None]:
        """What the client gets of a server's message, and what the server gets in return."""
        data = value(message)
        if not isinstance(data, dict):
            return message, None
        event = Event(message, data)
        if event.kind == "response.completed":
            return await self._completed(event)
        raw = self._passing.piece(event, self._round)
        return (_plain(raw) if raw is not message else raw) or None, None

    async def _completed(self, event: Event) -> tuple[bytes | None, bytes | None]:
        response = event.data.get("response") or {}
        items = [item for item in response.get("output") or [] if isinstance(item, dict)]
        mine = [item for item in items if ours(item)]
        self._shown += [item for item in items if not ours(item)]
        results = [await self._result(item) for item in mine]
        if mine and not any(map(theirs, items)) and self._round <= tool.ROUNDS:
            self._round += 1
            self._output += int((response.get("usage") or {}).get("output_tokens") or 0)
            self._passing.hop(len(self._shown))
            return None, self._more(response, results)
        self._carried += results
        if not mine and not self._round:
            return event.raw, None
        usage = dict(response.get("usage") or {})
        if "output_tokens" in usage:
            usage["output_tokens"] += self._output
        merged = {**response, "output": self._shown, "usage": usage or None}
        end = Event(event.raw, {**event.data, "response": merged})
        return _plain(self._passing.numbered(end)), None

    async def _result(self, item: dict[str, Any]) -> dict[str, Any]:
        arguments = value(item.get("arguments") or "{}")
        ask = self._inject.fetch(self._named, arguments)
        text = await ask if self._round < tool.ROUNDS else tool.ENOUGH
        return {"type": "function_call_output", "call_id": item.get("call_id"), "output": text}

    def _more(self, response: dict[str, Any], results: list[dict[str, Any]]) -> bytes:
        more = {**self._create, "previous_response_id": response.get("id"), "input": results}
        return json.dumps(more).encode()


def _plain(event: bytes) -> bytes:
    """The data of an event of ours: sockets carry it bare."""
    _, _, data = event.partition(b"\ndata: ")
    return data.strip() if data else event
