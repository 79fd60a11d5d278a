"""Anthropic Messages: streamed, whole, and count_tokens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fake import script, tools
from tests.fake.anthropic_rules import check, content, signature
from tests.fake.cache import Hit, PrefixCache, tokens
from tests.fake.exchange import Answer, Request, as_events, as_json, named_event
from tests.fake.script import Reply

_THOUGHT = "The script says what comes next."


def messages(request: Request, cache: PrefixCache) -> Answer:
    """POST /v1/messages."""
    body = json.loads(request.body)
    check(body)
    hit = _hit(body, cache)
    reply = _reply(body)
    name = hashlib.sha256(request.body).hexdigest()[:24]
    blocks = list(_blocks(reply, name, thinks="thinking" in body))
    usage = _usage(hit, blocks)
    head = {
        "id": f"msg_{name}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": 1},
    }
    stop = "tool_use" if reply.calls else "end_turn"
    note = {"usage": usage, "wire": "anthropic"}
    if not body.get("stream"):
        return as_json({**head, "content": blocks, "stop_reason": stop, "usage": usage}, note=note)
    return as_events(_stream(head, blocks, stop, usage), note)


def count(request: Request) -> Answer:
    """POST /v1/messages/count_tokens."""
    body = json.loads(request.body)
    check({"max_tokens": 1, **body})
    return as_json({"input_tokens": sum(tokens(part) for part in _parts(body)[0])})


def _reply(body: Mapping[str, Any]) -> Reply:
    offered = [tool["name"] for tool in body.get("tools") or []]
    if "format" in (body.get("output_config") or {}) or not offered:
        return Reply(json.dumps({"title": "A scripted session"}))
    prompt, taken = "", 0
    for message in body["messages"]:
        text = "\n".join(part["text"] for part in content(message) if part["type"] == "text")
        if message["role"] == "user" and script.parse(text):
            prompt, taken = text, 0
        taken += message["role"] == "assistant"
    return tools.reply(script.turn(prompt, taken, json.dumps(body["messages"])), offered)


def _blocks(reply: Reply, name: str, thinks: bool) -> Iterator[dict[str, Any]]:
    if thinks:
        yield {"type": "thinking", "thinking": _THOUGHT, "signature": signature(_THOUGHT)}
    if reply.text:
        yield {"type": "text", "text": reply.text}
    for at, call in enumerate(reply.calls):
        yield {
            "type": "tool_use",
            "id": f"toolu_{name[:20]}{at:02d}",
            "name": call.name,
            "input": call.arguments,
        }


def _parts(body: Mapping[str, Any]) -> tuple[list[str], list[int]]:
    """The request as the prefix cache sees it, and which parts carry a cache mark."""
    system = body.get("system") or []
    pieces = list(body.get("tools") or [])
    pieces += [{"type": "text", "text": system}] if isinstance(system, str) else system
    for message in body["messages"]:
        pieces += [{**part, "role": message["role"]} for part in content(message)]
    # The server strips the billing line: it changes with every request.
    pieces = [p for p in pieces if not str(p.get("text", "")).startswith("x-anthropic-billing")]
    marks = [at for at, piece in enumerate(pieces) if "cache_control" in piece]
    bare = [{key: p[key] for key in p if key != "cache_control"} for p in pieces]
    return [json.dumps(piece, sort_keys=True) for piece in bare], marks


def _hit(body: Mapping[str, Any], cache: PrefixCache) -> Hit:
    parts, marks = _parts(body)
    return cache.marked([str(body["model"]), *parts], [mark + 1 for mark in marks])


def _usage(hit: Hit, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "input_tokens": hit.fresh,
        "cache_creation_input_tokens": hit.written,
        "cache_read_input_tokens": hit.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": hit.written,
            "ephemeral_1h_input_tokens": 0,
        },
        "output_tokens": tokens(json.dumps(blocks)),
        "service_tier": "standard",
    }


def _stream(
    head: dict[str, Any], blocks: list[dict[str, Any]], stop: str, usage: dict[str, Any]
) -> Iterator[bytes]:
    yield named_event({"type": "message_start", "message": head})
    yield named_event({"type": "ping"})
    for at, block in enumerate(blocks):
        yield from _block_events(at, block)
    delta = {"stop_reason": stop, "stop_sequence": None}
    yield named_event({"type": "message_delta", "delta": delta, "usage": usage})
    yield named_event({"type": "message_stop"})


def _block_events(at: int, block: dict[str, Any]) -> Iterator[bytes]:
    def delta(kind: str, field: str, value: str) -> bytes:
        change = {"type": kind, field: value}
        return named_event({"type": "content_block_delta", "index": at, "delta": change})

    empty = {"thinking": {"thinking": "", "signature": ""}, "text": {"text": ""}}
    start = {**block, **empty.get(block["type"], {"input": {}})}
    yield named_event({"type": "content_block_start", "index": at, "content_block": start})
    if block["type"] == "thinking":
        yield delta("thinking_delta", "thinking", block["thinking"])
        yield delta("signature_delta", "signature", block["signature"])
    elif block["type"] == "text":
        for piece in pieces(block["text"]):
            yield delta("text_delta", "text", piece)
    else:
        for piece in pieces(json.dumps(block["input"])):
            yield delta("input_json_delta", "partial_json", piece)
    yield named_event({"type": "content_block_stop", "index": at})


def pieces(text: str, size: int = 40) -> list[str]:
    """The text in small deltas, as models send it."""
    return [text[at : at + size] for at in range(0, len(text), size)]
