"""Chat Completions: our calls are entries of `tool_calls`, our results messages of their own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

from headroom_wrap.gateway.inject import tool
from headroom_wrap.gateway.inject.events import Event, events, parted, unnamed, whole
from headroom_wrap.gateway.inject.hidden import Hidden
from headroom_wrap.gateway.inject.tool import Ask, Edit
from headroom_wrap.wire import put
from headroom_wrap.wire.spans import Json, Span

NAME = "openai_chat"
_FUNCTION = {"name": tool.NAME, "description": tool.DESCRIPTION, "parameters": tool.SCHEMA}


def declaration(parsed: Json, tools: Span) -> Edit:
    """The edit that declares the tool."""
    return tool.appended(tools, json.dumps({"type": "function", "function": _FUNCTION}).encode())


def put_back(parsed: Json, top: dict[str, Span], hidden: Hidden) -> list[Edit]:
    """The edits that give answers back what the client was not shown of them."""
    edits: list[Edit] = []
    for span in parsed.elements(top.get("messages")):
        message = parsed.members(span)
        if parsed.text(message.get("role")) != "assistant":
            continue
        calls = parsed.value(message.get("tool_calls")) or []
        record = hidden.find(_visible(parsed.value(message.get("content")), calls))
        if record:
            texts = (json.dumps(each).encode() for each in record)
            edits.append((span, b", ".join(texts)))
    return edits


def _visible(content: Any, calls: Iterable[Any]) -> list[str]:
    """What names an answer: its text and the ids of its calls."""
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = [str(part.get("text") or "") for part in parts if isinstance(part, dict)]
    return ["".join(texts), *(str(call.get("id")) for call in calls if isinstance(call, dict))]


class Hop:
    """One answer of the provider's, as far as it has come."""

    def __init__(self) -> None:
        self.text = ""
        self.calls: dict[int, dict[str, Any]] = {}
        self.held: list[Event] = []
        self.whole = False

    def take(self, choice: dict[str, Any]) -> None:
        """Put a chunk's share into the message."""
        delta = choice.get("delta") or {}
        self.text += delta.get("content") or ""
        for part in delta.get("tool_calls") or []:
            call = self.calls.setdefault(part.get("index", 0), _empty())
            call["id"] = part.get("id") or call["id"]
            function = part.get("function") or {}
            for key in ("name", "arguments"):
                call["function"][key] += function.get(key) or ""

    @property
    def message(self) -> dict[str, Any]:
        calls = [self.calls[at] for at in sorted(self.calls)]
        return _message(self.text, calls)


def _empty() -> dict[str, Any]:
    return {"id": "", "type": "function", "function": {"name": "", "arguments": ""}}


def _message(text: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {"role": "assistant", "content": text or None}
    return {**found, "tool_calls": calls} if calls else found


def ours(call: dict[str, Any]) -> bool:
    """Whether a call is of our tool."""
    return bool((call.get("function") or {}).get("name") == tool.NAME)


async def answered(stream: AsyncIterator[bytes], ask: Ask) -> AsyncIterator[bytes]:
    """The answer without our calls, and with what follows on them."""
    streams, body = await parted(stream)
    if not streams:
        yield await _whole(body, ask)
        return
    talk, name = _Talk(ask), ""
    while True:
        hop = Hop()
        async for event in events(body):
            name = name or str(event.data.get("id", ""))
            piece = _passed(event, hop, name, talk.calls)
            if piece:
                yield piece
        talk.calls += sum(not ours(call) for call in hop.calls.values())
        more = await talk.next(hop.message) if hop.whole else None
        if more is None:
            break
        body = await ask.post(more)
    for event in hop.held:
        yield talk.ended(event, name)


def _passed(event: Event, hop: Hop, name: str, before: int) -> bytes:
    """What the client is given of a chunk, at once; its end is held."""
    choices = event.data.get("choices")
    if not event.data or not choices:
        # [DONE], or what was used; comments keep the line alive.
        if event.data or b"[DONE]" in event.raw:
            hop.held.append(event)
            return b""
        return event.raw
    choice = choices[0]
    hop.take(choice)
    if choice.get("finish_reason"):
        hop.whole = True
        hop.held.append(event)
        return b""
    calls = (choice.get("delta") or {}).get("tool_calls")
    if not calls and event.data.get("id") in ("", None, name):
        return event.raw
    return _renumbered(event.data, hop, name, before)


def _renumbered(data: dict[str, Any], hop: Hop, name: str, before: int) -> bytes:
    choice = data["choices"][0]
    delta = choice.get("delta") or {}
    given = delta.get("tool_calls") or []
    kept = []
    for call in given:
        at = call.get("index", 0)
        if not ours(hop.calls[at]):
            hidden = sum(ours(hop.calls[other]) for other in hop.calls if other < at)
            kept.append({**call, "index": at - hidden + before})
    rest = {key: each for key, each in delta.items() if key != "tool_calls"}
    if given and not kept and not any(rest.values()):
        return b""
    delta = {**rest, "tool_calls": kept} if kept else rest
    return unnamed({**data, "id": name, "choices": [{**choice, "delta": delta}]})


class _Talk:
    """The hops of one answer, and what the client will not know of them."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._messages: list[dict[str, Any]] = []
        self._seen: list[dict[str, Any]] = []
        self._text = ""
        self.calls = 0
        self.round_ = 0
        self.output = 0
        self.spent = False

    async def next(self, message: dict[str, Any]) -> bytes | None:
        """The body that goes on after a hop; None when the client is to go on."""
        calls = message.get("tool_calls") or []
        mine = [call for call in calls if ours(call)]
        theirs = [call for call in calls if not ours(call)]
        self._seen += theirs
        self._text += message.get("content") or ""
        self.spent = bool(mine) and not theirs and self.round_ > tool.ROUNDS
        if self.spent:
            message = _message(message.get("content") or "(no answer)", [])
            mine = []
        self._messages += [message, *[await self._result(call) for call in mine]]
        if not mine or theirs:
            if mine or self.round_:
                self._ask.hidden.keep(_visible(self._text, self._seen), self._messages)
            return None
        self.round_ += 1
        return self._continued()

    async def _result(self, call: dict[str, Any]) -> dict[str, Any]:
        try:
            arguments = json.loads(call["function"]["arguments"])
        except ValueError:
            arguments = {}
        text = await self._ask.result(arguments, self.round_)
        return {"role": "tool", "tool_call_id": call["id"], "content": text}

    def _continued(self) -> bytes:
        parsed = Json(self._ask.body)
        messages = parsed.members(parsed.whole)["messages"]
        texts = b", ".join(json.dumps(each).encode() for each in self._messages)
        return put(self._ask.body, [tool.appended(messages, texts)])

    def ended(self, event: Event, name: str) -> bytes:
        """An event that was held, with the name of the answer it belongs to."""
        data = event.data
        if not data or not (self.round_ or self.spent):
            return event.raw
        choices = [self._ending(choice) for choice in data.get("choices") or []]
        return unnamed({**data, "id": name, "choices": choices})

    def _ending(self, choice: dict[str, Any]) -> dict[str, Any]:
        if self.spent and choice.get("finish_reason") == "tool_calls":
            return {**choice, "finish_reason": "stop"}
        return choice

    def merged(self, last: dict[str, Any]) -> dict[str, Any]:
        """An answer that does not stream: what the client sees of all hops."""
        usage = dict(last.get("usage") or {})
        if "completion_tokens" in usage:
            usage["completion_tokens"] += self.output
        choice = {**last["choices"][0], "message": _message(self._text, self._seen)}
        return {**last, "choices": [self._ending(choice)], "usage": usage}


async def _whole(body: AsyncIterator[bytes], ask: Ask) -> bytes:
    raw = await whole(body)
    talk = _Talk(ask)
    while True:
        parsed = Json(raw)
        found = parsed.value(parsed.whole)
        message = _only(found)
        calls = (message or {}).get("tool_calls") or []
        if message is None or not (talk.round_ or any(map(ours, calls))):
            return raw
        more = await talk.next({**_message(message.get("content") or "", calls)})
        if more is None:
            return json.dumps(talk.merged(found)).encode()
        talk.output += int((found.get("usage") or {}).get("completion_tokens") or 0)
        raw = await whole(await ask.post(more))


def _only(found: Any) -> dict[str, Any] | None:
    choices = found.get("choices") if isinstance(found, dict) else None
    if not isinstance(choices, list) or len(choices) != 1:
        return None
    message = choices[0].get("message") if isinstance(choices[0], dict) else None
    return message if isinstance(message, dict) else None
