"""Anthropic Messages: our calls are blocks of an answer, our results a message of the user's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap.gateway.inject import tool
from headroom_wrap.gateway.inject.events import Event, events, named, parted, whole
from headroom_wrap.gateway.inject.hidden import Hidden
from headroom_wrap.gateway.inject.tool import Ask, Edit
from headroom_wrap.wire import put
from headroom_wrap.wire.spans import Json, Span

NAME = "anthropic"
_TOOL = {"name": tool.NAME, "description": tool.DESCRIPTION, "input_schema": tool.SCHEMA}
_DELTAS = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}


def declaration(parsed: Json, tools: Span) -> Edit:
    """The edit that declares the tool: in front, where a cache mark on the last covers it."""
    return (tools[0] + 1, tools[0] + 1), json.dumps(_TOOL).encode() + b", "


def put_back(parsed: Json, top: dict[str, Span], hidden: Hidden) -> list[Edit]:
    """The edits that give answers back what the client was not shown of them."""
    edits: list[Edit] = []
    extra: list[Any] = []
    for span in parsed.elements(top.get("messages")):
        message = parsed.members(span)
        if extra and parsed.text(message.get("role")) == "user":
            edits.append(_in_front(parsed, message["content"], extra))
            extra = []
        if parsed.text(message.get("role")) != "assistant":
            continue
        record = hidden.find(_visible(parsed.value(message.get("content"))))
        if record:
            texts = (json.dumps(each).encode() for each in record["messages"])
            edits.append((span, b", ".join(texts)))
            extra = record["extra"]
    return edits


def _in_front(parsed: Json, content: Span, extra: list[Any]) -> Edit:
    results = b", ".join(json.dumps(each).encode() for each in extra)
    if parsed.starts(content, "["):
        return (content[0] + 1, content[0] + 1), results + b", "
    text = b'{"type": "text", "text": %b}' % parsed.raw[slice(*content)]
    return content, b"[" + results + b", " + text + b"]"


def _visible(content: Any) -> list[list[str]]:
    """What names an answer: its texts and the ids of its calls."""
    if isinstance(content, str):
        return [["text", content]]
    blocks = [block for block in content or [] if isinstance(block, dict)]
    found = [[b.get("type"), b.get("id") or b.get("text") or b.get("thinking")] for b in blocks]
    return [[str(kind), str(text)] for kind, text in found if text]


@dataclass(slots=True)
class Hop:
    """One answer of the provider's, as far as it has come."""

    blocks: dict[int, dict[str, Any]] = field(default_factory=dict)
    inputs: dict[int, str] = field(default_factory=dict)
    end: dict[str, Any] = field(default_factory=dict)
    stop: bytes = b""

    def take(self, event: Event) -> None:
        """Put an event's share into its block."""
        data = event.data
        at = int(data.get("index", 0))
        if event.kind == "content_block_start":
            self.blocks[at] = dict(data.get("content_block") or {})
        elif event.kind == "content_block_delta" and at in self.blocks:
            self._delta(at, data.get("delta") or {})
        elif event.kind == "content_block_stop" and self.inputs.get(at):
            self.blocks[at]["input"] = json.loads(self.inputs[at])

    def _delta(self, at: int, delta: dict[str, Any]) -> None:
        block, key = self.blocks[at], _DELTAS.get(str(delta.get("type")))
        if key:
            block[key] = str(block.get(key) or "") + str(delta.get(key) or "")
        elif delta.get("type") == "input_json_delta":
            self.inputs[at] = self.inputs.get(at, "") + str(delta.get("partial_json") or "")
        elif delta.get("type") == "citations_delta":
            block.setdefault("citations", []).append(delta.get("citation"))

    @property
    def content(self) -> list[dict[str, Any]]:
        return [self.blocks[at] for at in sorted(self.blocks)]


def ours(block: dict[str, Any]) -> bool:
    """Whether a block is a call of our tool."""
    return block.get("type") == "tool_use" and block.get("name") == tool.NAME


def _theirs(block: dict[str, Any]) -> bool:
    return block.get("type") == "tool_use" and not ours(block)


async def answered(stream: AsyncIterator[bytes], ask: Ask) -> AsyncIterator[bytes]:
    """The answer without our calls, and with what follows on them."""
    streams, body = await parted(stream)
    if not streams:
        yield await _whole(body, ask)
        return
    talk = _Talk(ask)
    shown = 0
    while True:
        hop = Hop()
        async for event in events(body):
            hop.take(event)
            piece = _passed(event, hop, shown, first=not talk.round_)
            if piece:
                yield piece
        shown += sum(not ours(block) for block in hop.content)
        more = await talk.next(hop.content) if hop.stop else None
        if more is None:
            break
        yield named({"type": "ping"})
        talk.output += _output(hop.end)
        body = await ask.post(more)
    if hop.end:
        yield named(_with_output(hop.end, talk))
    yield hop.stop


def _passed(event: Event, hop: Hop, shown: int, first: bool) -> bytes:
    """What the client is given of an event, at once."""
    if event.kind == "message_start":
        return event.raw if first else b""
    if event.kind == "message_delta":
        hop.end = event.data
        return b""
    if event.kind == "message_stop":
        hop.stop = event.raw
        return b""
    if not event.kind.startswith("content_block"):
        return event.raw
    at = int(event.data.get("index", 0))
    if ours(hop.blocks.get(at, {})):
        return b""
    before = sum(not ours(hop.blocks[other]) for other in hop.blocks if other < at)
    index = shown + before
    return event.raw if index == at else named({**event.data, "index": index})


def _output(end: dict[str, Any]) -> int:
    return int((end.get("usage") or {}).get("output_tokens") or 0)


def _with_output(end: dict[str, Any], talk: _Talk) -> dict[str, Any]:
    """The end of the last hop, with the output of all; never with a call that nobody can see."""
    delta, usage = dict(end.get("delta") or {}), dict(end.get("usage") or {})
    if talk.spent and delta.get("stop_reason") == "tool_use":
        delta["stop_reason"] = "end_turn"
    if talk.output:
        usage["output_tokens"] = _output(end) + talk.output
    return {**end, "delta": delta, "usage": usage}


class _Talk:
    """The hops of one answer, and what the client will not know of them."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._messages: list[dict[str, Any]] = []
        self._seen: list[dict[str, Any]] = []
        self.round_ = 0
        self.output = 0
        self.spent = False

    async def next(self, content: list[dict[str, Any]]) -> bytes | None:
        """The body that goes on after a hop; None when the client is to go on."""
        calls = [block for block in content if ours(block)]
        self._seen += [block for block in content if not ours(block)]
        self._messages.append({"role": "assistant", "content": content})
        results = [await self._result(call) for call in calls]
        mixed = any(_theirs(block) for block in content)
        self.spent = bool(calls) and not mixed and self.round_ > tool.ROUNDS
        if not calls or mixed or self.spent:
            if calls or self.round_:
                self._keep(results, content)
            return None
        self.round_ += 1
        self._messages.append({"role": "user", "content": results})
        return self._continued()

    async def _result(self, call: dict[str, Any]) -> dict[str, Any]:
        text = await self._ask.result(call.get("input"), self.round_)
        return {"type": "tool_result", "tool_use_id": call["id"], "content": text}

    def _keep(self, extra: list[dict[str, Any]], last: list[dict[str, Any]]) -> None:
        if self.spent:
            # Calls that were never answered cannot be sent again.
            kept = [block for block in last if not ours(block)]
            self._messages[-1] = {"role": "assistant", "content": kept or [_silence()]}
            extra = []
        record = {"messages": self._messages, "extra": extra}
        self._ask.hidden.keep(_visible(self._seen), record)

    def _continued(self) -> bytes:
        parsed = Json(self._ask.body)
        messages = parsed.members(parsed.whole)["messages"]
        texts = b", ".join(json.dumps(each).encode() for each in self._messages)
        return put(self._ask.body, [tool.appended(messages, texts)])

    def merged(self, last: dict[str, Any]) -> dict[str, Any]:
        """An answer that does not stream: what the client sees of all hops."""
        usage = dict(last.get("usage") or {})
        usage["output_tokens"] = int(usage.get("output_tokens") or 0) + self.output
        reason = last.get("stop_reason")
        stop = "end_turn" if self.spent and reason == "tool_use" else reason
        return {**last, "content": self._seen, "stop_reason": stop, "usage": usage}


def _silence() -> dict[str, Any]:
    return {"type": "text", "text": "(no answer)"}


async def _whole(body: AsyncIterator[bytes], ask: Ask) -> bytes:
    raw = await whole(body)
    talk = _Talk(ask)
    while True:
        message = _message(raw)
        if message is None or not (talk.round_ or any(map(ours, message["content"]))):
            return raw
        more = await talk.next(message["content"])
        if more is None:
            return json.dumps(talk.merged(message)).encode()
        talk.output += int((message.get("usage") or {}).get("output_tokens") or 0)
        raw = await whole(await ask.post(more))


def _message(raw: bytes) -> dict[str, Any] | None:
    parsed = Json(raw)
    found = parsed.value(parsed.whole)
    if not isinstance(found, dict) or not isinstance(found.get("content"), list):
        return None
    return found if all(isinstance(block, dict) for block in found["content"]) else None
