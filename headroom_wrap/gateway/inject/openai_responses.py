"""Responses: our calls and results are items, put back before the item that came after them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from headroom_wrap.gateway.inject import tool
from headroom_wrap.gateway.inject.events import Event, events, named, parted, whole
from headroom_wrap.gateway.inject.hidden import Hidden
from headroom_wrap.gateway.inject.tool import Ask, Edit
from headroom_wrap.wire import put
from headroom_wrap.wire.spans import Json, Span

NAME = "openai_responses"
_TOOL = {
    "type": "function",
    "name": tool.NAME,
    "description": tool.DESCRIPTION,
    "parameters": tool.SCHEMA,
    "strict": False,
}
_ENDS = ("response.completed", "response.incomplete", "response.failed")
_STARTS = ("response.created", "response.in_progress", "response.queued")


def declaration(parsed: Json, tools: Span) -> Edit:
    """The edit that declares the tool."""
    return tool.appended(tools, json.dumps(_TOOL).encode())


def put_back(parsed: Json, top: dict[str, Span], hidden: Hidden) -> list[Edit]:
    """The edits that put hidden items before the ones that followed them."""
    edits: list[Edit] = []
    for span in parsed.elements(top.get("input")):
        name = _visible(parsed.value(span))
        record = hidden.find(name) if name else None
        if record:
            texts = b"".join(json.dumps(item).encode() + b", " for item in record)
            edits.append(((span[0], span[0]), texts))
    last = top.get("previous_response_id")
    real = hidden.find(_id_name(parsed.text(last))) if last else None
    if last and real:
        edits.append((last, json.dumps(real).encode()))
    return edits


def _id_name(response: str) -> str:
    return f"what ended {response}"


def _visible(item: Any) -> str:
    """What names an item of the model's: the id of its call, or its text."""
    if not isinstance(item, dict):
        return ""
    if str(item.get("type", "")).endswith("_call"):
        return "" if ours(item) else str(item.get("call_id") or "")
    if str(item.get("type", "")).endswith("_call_output"):
        return _result_name(item)
    if item.get("role") != "assistant":
        return ""
    content = item.get("content")
    parts = content if isinstance(content, list) else [{"text": content}]
    return "".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))


def _result_name(item: dict[str, Any]) -> str:
    return f"result of {item.get('call_id')}"


def ours(item: dict[str, Any]) -> bool:
    """Whether an item is a call of our tool."""
    return item.get("type") == "function_call" and item.get("name") == tool.NAME


def theirs(item: dict[str, Any]) -> bool:
    """Whether an item is a call that the client is to answer."""
    return str(item.get("type", "")).endswith("_call") and not ours(item)


class _Talk:
    """The hops of one answer, and what the client will not know of them."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._items: list[dict[str, Any]] = []
        self.seen: list[dict[str, Any]] = []
        self.first = ""
        self.round_ = 0
        self.output = 0

    async def next(self, items: list[dict[str, Any]]) -> bytes | None:
        """The body that goes on after a hop; None when the client is to go on."""
        mine = [item for item in items if ours(item)]
        spent = self.round_ > tool.ROUNDS
        results = [] if spent else [await self._result(item) for item in mine]
        self._keep([] if spent else mine, items, results)
        self.seen += [item for item in items if not ours(item)]
        if not mine or spent or any(map(theirs, items)):
            return None
        self.round_ += 1
        self._items += [*items, *results]
        return self._continued()

    def _keep(
        self,
        mine: list[dict[str, Any]],
        items: list[dict[str, Any]],
        results: list[dict[str, Any]],
    ) -> None:
        """Under the next item that the client sees: of a later hop, or of this one."""
        before = [item for item in self._items if ours(item) or "output" in item]
        other = next(filter(theirs, items), None)
        if other and mine:
            self._ask.hidden.keep(_visible(other), [*before, *mine])
            self._ask.hidden.keep(_result_name(other), results)
            return
        name = next((name for name in map(_visible, items) if name), "")
        if name and before:
            self._ask.hidden.keep(name, before)

    async def _result(self, item: dict[str, Any]) -> dict[str, Any]:
        try:
            arguments = json.loads(item.get("arguments") or "{}")
        except ValueError:
            arguments = {}
        text = await self._ask.result(arguments, self.round_)
        return {"type": "function_call_output", "call_id": item.get("call_id"), "output": text}

    def _continued(self) -> bytes:
        parsed = Json(self._ask.body)
        given = parsed.members(parsed.whole)["input"]
        texts = b", ".join(json.dumps(item).encode() for item in self._items)
        if parsed.starts(given, "["):
            return put(self._ask.body, [tool.appended(given, texts)])
        said = b'{"role": "user", "content": %b}' % self._ask.body[slice(*given)]
        return put(self._ask.body, [(given, b"[" + said + b", " + texts + b"]")])

    def merged(self, response: dict[str, Any]) -> dict[str, Any]:
        """The last hop's response with what the client sees of all."""
        usage = dict(response.get("usage") or {})
        if "output_tokens" in usage:
            usage["output_tokens"] += self.output
        first = self.first or response.get("id")
        if first != response.get("id"):
            # Clients hold on to the name that they were given first.
            self._ask.hidden.keep(_id_name(str(first)), response.get("id"))
        return {**response, "id": first, "output": self.seen, "usage": usage or None}


class Passing:
    """Numbers events anew for a client that is not shown all of them."""

    def __init__(self) -> None:
        self.before = 0
        self._sequence = -1
        self._hidden: set[int] = set()
        self._changed = False

    def hop(self, shown: int) -> None:
        self.before = shown
        self._hidden = set()
        self._changed = True

    def piece(self, event: Event, round_: int) -> bytes:
        """What the client is given of an event."""
        data = event.data
        if not data:
            return event.raw
        if event.kind in _STARTS and round_:
            return b""
        at = data.get("output_index")
        if event.kind == "response.output_item.added" and ours(data.get("item") or {}):
            self._hidden.add(int(at or 0))
            self._changed = True
        if at in self._hidden:
            return b""
        return self.numbered(event)

    def numbered(self, event: Event) -> bytes:
        """The event in its place among those that are shown."""
        data = dict(event.data)
        if "sequence_number" in data:
            self._sequence += 1
        if not self._changed:
            return event.raw
        if "sequence_number" in data:
            data["sequence_number"] = self._sequence
        at = data.get("output_index")
        if at is not None:
            data["output_index"] = at - sum(h < at for h in self._hidden) + self.before
        return named(data)


async def answered(stream: AsyncIterator[bytes], ask: Ask) -> AsyncIterator[bytes]:
    """The answer without our calls, and with what follows on them."""
    streams, body = await parted(stream)
    if not streams:
        yield await _whole(body, ask)
        return
    talk, passing = _Talk(ask), Passing()
    while True:
        end: Event | None = None
        async for event in events(body):
            if event.kind in _ENDS:
                end = event
                continue
            piece = passing.piece(event, talk.round_)
            if piece:
                yield piece
        if end is None:
            return
        response = end.data.get("response") or {}
        items = [item for item in response.get("output") or [] if isinstance(item, dict)]
        more = await talk.next(items) if end.kind == "response.completed" else None
        if more is None:
            break
        passing.hop(len(talk.seen))
        talk.first = talk.first or str(response.get("id") or "")
        talk.output += int((response.get("usage") or {}).get("output_tokens") or 0)
        body = await ask.post(more)
    if talk.round_ or any(map(ours, items)):
        end = Event(end.raw, {**end.data, "response": talk.merged(response)})
    yield passing.numbered(end)


async def _whole(body: AsyncIterator[bytes], ask: Ask) -> bytes:
    raw = await whole(body)
    talk = _Talk(ask)
    while True:
        parsed = Json(raw)
        response = parsed.value(parsed.whole)
        output = response.get("output") if isinstance(response, dict) else None
        if not isinstance(output, list) or not (talk.round_ or any(map(ours, output))):
            return raw
        more = await talk.next(output)
        if more is None:
            return json.dumps(talk.merged(response)).encode()
        talk.first = talk.first or str(response.get("id") or "")
        talk.output += int((response.get("usage") or {}).get("output_tokens") or 0)
        raw = await whole(await ask.post(more))
