"""OpenAI Responses over HTTP and WebSocket, classic tools and code mode."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fake import script, tools
from tests.fake.anthropic import pieces
from tests.fake.cache import PrefixCache, tokens
from tests.fake.exchange import Answer, RefusedError, Request, as_events, as_json, named_event
from tests.fake.script import Reply

_ASSISTANT = {"function_call", "custom_tool_call", "reasoning"}
_RESULTS = {"function_call_output": "function_call", "custom_tool_call_output": "custom_tool_call"}


class Responses:
    """The model behind /responses; it remembers each response for `previous_response_id`."""

    def __init__(self, cache: PrefixCache) -> None:
        self._cache = cache
        self._items: dict[str, list[dict[str, Any]]] = {}

    def http(self, request: Request) -> Answer:
        """POST /responses."""
        body = json.loads(request.body)
        events, note = self.create(body, request.body)
        if body.get("stream"):
            return as_events((named_event(event) for event in events), note)
        return as_json(events[-1]["response"], note=note)

    def create(
        self, body: Mapping[str, Any], raw: bytes
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """All events of one response, and what to record about it."""
        items = self._history(body)
        check(items)
        name = hashlib.sha256(raw).hexdigest()[:24]
        head = {key: body[key] for key in ("tools", "instructions") if key in body}
        parts = [str(body.get("model")), json.dumps(head)]
        hit = self._cache.automatic([*parts, *(json.dumps(i, sort_keys=True) for i in items)])
        made: list[dict[str, Any]] = []
        if body.get("generate", True):
            made = list(_made(_reply(body, items), name))
        answer = tokens(json.dumps(made))
        usage = {
            "input_tokens": hit.read + hit.fresh,
            "input_tokens_details": {"cached_tokens": hit.read},
            "output_tokens": answer,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": hit.read + hit.fresh + answer,
        }
        identity = f"resp_{name}"
        self._items[identity] = [*items, *made]
        response = {
            "id": identity,
            "object": "response",
            "created_at": 0,
            "model": body.get("model"),
            "status": "completed",
            "output": made,
            "usage": usage,
        }
        note = {"usage": usage, "wire": "openai-responses", "items": items}
        return list(_events(response)), note

    def _history(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        new = body.get("input") or []
        if isinstance(new, str):
            new = [{"type": "message", "role": "user", "content": new}]
        before = body.get("previous_response_id")
        if before and before not in self._items:
            raise RefusedError(f"Previous response with id '{before}' not found.")
        return [*self._items.get(before or "", []), *new]


def check(items: list[dict[str, Any]]) -> None:
    """Raise RefusedError for what the real server answers with 400."""
    calls: dict[str, str] = {}
    for item in items:
        kind = item.get("type", "message")
        if kind in _RESULTS.values():
            calls[item["call_id"]] = kind
        elif kind in _RESULTS and calls.pop(item["call_id"], None) != _RESULTS[kind]:
            raise RefusedError(f"No tool call found for {kind} with call_id {item['call_id']}.")
    if calls:
        raise RefusedError(f"No tool output found for function call {next(iter(calls))}.")


def _text(item: Mapping[str, Any]) -> str:
    inner = item.get("content") or ""
    return inner if isinstance(inner, str) else "\n".join(part.get("text", "") for part in inner)


def _reply(body: Mapping[str, Any], items: list[dict[str, Any]]) -> Reply:
    prompt, taken, speaking = "", 0, False
    offered = _offered(body.get("tools"))
    for item in items:
        kind = item.get("type", "message")
        if kind == "additional_tools":
            offered += _offered(item.get("tools"))
            continue
        if item.get("role") == "user" and script.parse(_text(item)):
            prompt, taken, speaking = _text(item), 0, False
        mine = kind in _ASSISTANT or item.get("role") == "assistant"
        taken += mine and not speaking
        speaking = mine
    return tools.reply(script.turn(prompt, taken, json.dumps(items)), offered)


def _offered(given: list[dict[str, Any]] | None) -> list[str]:
    names: list[str] = []
    for tool in given or []:
        names += _offered(tool["tools"]) if "tools" in tool else [tool.get("name", tool["type"])]
    return names


def _made(reply: Reply, name: str) -> Iterator[dict[str, Any]]:
    if reply.text:
        part = {"type": "output_text", "text": reply.text, "annotations": []}
        yield {
            "type": "message",
            "id": f"msg_{name}",
            "role": "assistant",
            "status": "completed",
            "content": [part],
        }
    for at, call in enumerate(reply.calls):
        ids = {"call_id": f"call_{name[:20]}{at:02d}", "status": "completed", "name": call.name}
        if call.source:
            item = {"type": "custom_tool_call", "id": f"ctc_{name}{at:02d}", "input": call.source}
            yield {**item, **ids, "namespace": call.namespace}
        else:
            arguments = json.dumps(call.arguments)
            item = {"type": "function_call", "id": f"fc_{name}{at:02d}", "arguments": arguments}
            yield {**item, **ids}


def _events(response: dict[str, Any]) -> Iterator[dict[str, Any]]:
    bare = {**response, "status": "in_progress", "output": [], "usage": None}
    yield {"type": "response.created", "response": bare}
    yield {"type": "response.in_progress", "response": bare}
    for at, item in enumerate(response["output"]):
        place = {"output_index": at, "item_id": item["id"]}
        started = {**item, "status": "in_progress"}
        if item["type"] == "message":
            started["content"] = []
        yield {"type": "response.output_item.added", "output_index": at, "item": started}
        yield from _deltas(item, place)
        yield {"type": "response.output_item.done", "output_index": at, "item": item}
    yield {"type": "response.completed", "response": response}


def _deltas(item: dict[str, Any], place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if item["type"] == "message":
        place = {**place, "content_index": 0}
        part = item["content"][0]
        yield {"type": "response.content_part.added", **place, "part": {**part, "text": ""}}
        for piece in pieces(part["text"]):
            yield {"type": "response.output_text.delta", **place, "delta": piece}
        yield {"type": "response.output_text.done", **place, "text": part["text"]}
        yield {"type": "response.content_part.done", **place, "part": part}
    elif item["type"] == "custom_tool_call":
        for piece in pieces(item["input"]):
            yield {"type": "response.custom_tool_call_input.delta", **place, "delta": piece}
        yield {"type": "response.custom_tool_call_input.done", **place, "input": item["input"]}
    else:
        for piece in pieces(item["arguments"]):
            yield {"type": "response.function_call_arguments.delta", **place, "delta": piece}
        done = {"type": "response.function_call_arguments.done", "arguments": item["arguments"]}
        yield {**done, **place}
