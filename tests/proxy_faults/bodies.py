"""Request bodies, sound and broken, as tables of cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_RULES = Path(__file__).parents[1] / "agents" / "work" / "data" / "rules.json"


def conversation(*results: object, prompt: str = "go", **more: Any) -> bytes:
    """A Messages request whose tool calls came back with these contents."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": prompt}]
    for at, result in enumerate(results):
        call = {"type": "tool_use", "id": f"toolu_{at:022d}", "name": "Bash"}
        call["input"] = {"command": "./list-rules --json"}  # type: ignore[assignment]
        back = {"type": "tool_result", "tool_use_id": call["id"], "content": result}
        messages.append({"role": "assistant", "content": [call]})
        messages.append({"role": "user", "content": [back]})
    tools = [{"name": "Bash", "description": "Run", "input_schema": {"type": "object"}}]
    body = {"model": "claude-opus-4-8", "max_tokens": 100, "tools": tools, "messages": messages}
    return json.dumps({**body, **more}).encode()


def shortenable() -> str:
    """A result that is worth shortening."""
    return _RULES.read_text()


SOUND = conversation("short", prompt="go [[S: text a | text fine]]", stream=True)
LONG = conversation(shortenable(), prompt="go [[S: text a | text fine]]", stream=True)

UNTOUCHED: dict[str, bytes] = {
    "empty": b"",
    "truncated": LONG[:-20],
    "cut inside a character": LONG.replace(b"go ", "go é".encode()[:-1]),
    "not JSON": b"\x00\x01 no json \xff",
    "a list": b"[1, 2]",
    "null": b"null",
    "a byte order mark": b"\xef\xbb\xbf" + SOUND,
    "two bodies": SOUND + SOUND,
    "deep nesting": b'{"messages":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "no messages": b'{"model":"m","max_tokens":1}',
    "messages is a number": b'{"model":"m","max_tokens":1,"messages":7}',
    "odd spacing and key order": SOUND.replace(b'", "', b'" ,\r\n\t"'),
    "duplicate keys": SOUND.replace(b'{"model"', b'{"model": "other", "model"', 1),
    "huge number": SOUND.replace(b'"max_tokens": 100', b'"max_tokens": 1e400'),
    "a result that is a number": conversation(7),
    "a result of unknown blocks": conversation([{"type": "hologram", "data": shortenable()}]),
    "a result without content": LONG.replace(b'"content": "[', b'"contents": "['),
    "NULs": conversation("\0" * 5000),
    "a lone surrogate": conversation("\ud800 alone " * 50),
}
