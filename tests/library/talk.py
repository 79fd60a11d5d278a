"""One conversation, an answered tool call in it, as each API's clients spell it."""

from __future__ import annotations

import json
from typing import Any

ROWS = [
    {"id": n, "name": f"svc-{n}", "status": "ok", "latency": n * 7 % 31, "region": "eu-west-1"}
    for n in range(200)
]
TEXT = json.dumps(ROWS)
LOG = "".join(
    f"2026-01-01 00:{n // 60:02d}:{n % 60:02d} INFO worker heartbeat {n} ok\n" for n in range(400)
)
ASKED = "What is the latency of svc-77?"
CALL = "call_4f1c9e0a7b2d"


def chat(text: str = TEXT) -> list[dict[str, Any]]:
    function = {"name": "list_services", "arguments": "{}"}
    call = {"id": CALL, "type": "function", "function": function}
    return [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": CALL, "content": text},
    ]


def anthropic(text: str = TEXT) -> list[dict[str, Any]]:
    call = {"type": "tool_use", "id": CALL, "name": "list_services", "input": {}}
    return [
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [_result([{"type": "text", "text": text}])]},
    ]


def _result(content: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": CALL, "content": content}


def responses(text: str = TEXT) -> list[dict[str, Any]]:
    call = {"type": "function_call", "call_id": CALL, "name": "list_services", "arguments": "{}"}
    return [
        {"role": "user", "content": ASKED},
        call,
        {"type": "function_call_output", "call_id": CALL, "output": text},
    ]


def gemini(text: str = TEXT) -> list[dict[str, Any]]:
    answer = {"name": "list_services", "response": {"output": text}}
    return [
        {"role": "user", "parts": [{"text": ASKED}]},
        {"role": "model", "parts": [{"function_call": {"name": "list_services", "args": {}}}]},
        {"role": "user", "parts": [{"function_response": answer}]},
    ]


def vercel(output: Any = None) -> list[dict[str, Any]]:
    name = {"toolCallId": CALL, "toolName": "list_services"}
    output = {"type": "json", "value": ROWS} if output is None else output
    return [
        {"role": "user", "content": [{"type": "text", "text": ASKED}]},
        {"role": "assistant", "content": [{"type": "tool-call", **name, "input": {}}]},
        {"role": "tool", "content": [{"type": "tool-result", **name, "output": output}]},
    ]


SHAPES = {
    "chat": chat,
    "anthropic": anthropic,
    "responses": responses,
    "gemini": gemini,
    "vercel": vercel,
}
