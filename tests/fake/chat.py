"""OpenAI Chat Completions: streamed and whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fake import script, tools
from tests.fake.anthropic import pieces
from tests.fake.cache import Hit, PrefixCache, tokens
from tests.fake.exchange import Answer, RefusedError, Request, as_events, as_json
from tests.fake.script import Reply


def completions(request: Request, cache: PrefixCache) -> Answer:
    """POST /v1/chat/completions."""
    body = json.loads(request.body)
    check(body)
    parts = [json.dumps(body.get("tools") or [])]
    parts += [json.dumps(message, sort_keys=True) for message in body["messages"]]
    hit = cache.automatic([body["model"], *parts])
    reply = _reply(body)
    name = hashlib.sha256(request.body).hexdigest()[:24]
    message = _message(reply, name)
    usage = _usage(hit, message)
    note = {"usage": usage, "wire": "openai-chat"}
    head = {"id": f"chatcmpl-{name}", "created": 0, "model": body["model"]}
    stop = "tool_calls" if reply.calls else "stop"
    if body.get("stream"):
        wanted = (body.get("stream_options") or {}).get("include_usage")
        return as_events(_stream(head, message, stop, usage if wanted else None), note)
    choice = {"index": 0, "message": message, "finish_reason": stop}
    whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
    return as_json(whole, note=note)


def check(body: Mapping[str, Any]) -> None:
    """Raise RefusedError for what the real server answers with 400."""
    if not body.get("model") or not body.get("messages"):
        raise RefusedError("you must provide a model and messages")
    open_calls: list[str] = []
    for at, message in enumerate(body["messages"]):
        role = message["role"]
        if role == "tool":
            if message["tool_call_id"] not in open_calls:
                raise RefusedError(
                    "messages with role 'tool' must be a response to a preceding message with "
                    f"'tool_calls' (messages.[{at}])"
                )
            open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            raise RefusedError(
                "An assistant message with 'tool_calls' must be followed by tool messages "
                f"responding to each 'tool_call_id': {', '.join(open_calls)}"
            )
        if role == "assistant":
            open_calls = [call["id"] for call in message.get("tool_calls") or []]
        elif role not in ("system", "developer", "user"):
            raise RefusedError(f"Invalid value: {role!r} (messages.[{at}].role)")
    if open_calls:
        raise RefusedError("tool calls without results at the end of messages")


def _reply(body: Mapping[str, Any]) -> Reply:
    prompt, taken = "", 0
    for message in body["messages"]:
        inner = message.get("content") or ""
        text = inner if isinstance(inner, str) else "\n".join(p.get("text", "") for p in inner)
        if message["role"] == "user" and script.parse(text):
            prompt, taken = text, 0
        taken += message["role"] == "assistant"
    offered = [tool["function"]["name"] for tool in body.get("tools") or [] if "function" in tool]
    return tools.reply(script.turn(prompt, taken, json.dumps(body["messages"])), offered)


def _message(reply: Reply, name: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.calls:
        message["tool_calls"] = [
            {
                "id": f"call_{name[:20]}{at:02d}",
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
            }
            for at, call in enumerate(reply.calls)
        ]
    return message


def _usage(hit: Hit, message: Mapping[str, Any]) -> dict[str, Any]:
    prompt, answer = hit.read + hit.fresh, tokens(json.dumps(message))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": {"cached_tokens": hit.read},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def _stream(
    head: Mapping[str, Any],
    message: Mapping[str, Any],
    stop: str,
    usage: Mapping[str, Any] | None,
) -> Iterator[bytes]:
    def chunk(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({**head, "object": "chat.completion.chunk", "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces(message["content"] or ""):
        yield chunk({"content": piece})
    for at, call in enumerate(message.get("tool_calls") or []):
        yield chunk({"tool_calls": [{"index": at, **call}]})
    yield chunk({}, stop)
    if usage:
        yield _event({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _event(data: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
