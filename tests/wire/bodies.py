"""Request bodies of each API as their clients spell them, around the same results."""

from __future__ import annotations

import json
from typing import Any

from headroom_wrap import wire
from headroom_wrap.types import Block, Turn

LOG = 'a "b"\n\tc: 1\x1b[0m \\ ü 😀\n'
MESSAGES, CHAT, RESPONSES = "/v1/messages", "/v1/chat/completions", "/v1/responses"
GEMINI = "/v1beta/models/gemini-3-pro:streamGenerateContent"


def raw(body: object, ascii_only: bool = False, compact: bool = True) -> bytes:
    """A body in one of the spellings that clients use."""
    separators = (",", ":") if compact else None
    text = json.dumps(body, ensure_ascii=ascii_only, separators=separators)
    return text.encode("utf-8", "surrogatepass")


def read(path: str, body: object, carried: wire.Carried | None = None) -> Turn:
    """The turn of a body that must be understood."""
    given = body if isinstance(body, bytes) else raw(body)
    found = wire.read("host", path, given, carried)
    assert found is not None
    return found[1]


def only(turn: Turn) -> Block:
    """The one block of a turn."""
    assert len(turn.blocks) == 1, turn.blocks
    return turn.blocks[0]


def anthropic(*results: object, call: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A question, a call, and its result with these contents."""
    given = call or {"name": "Bash", "input": {"command": "grep -rn x src"}}
    content = [
        {"type": "tool_result", "tool_use_id": "t1", "content": each, **more} for each in results
    ]
    return {
        "model": "claude-x",
        "stream": True,
        "tools": [{"name": "Bash"}],
        "messages": [
            {"role": "user", "content": "Find x."},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "hm", "signature": "s"},
                    {"type": "text", "text": "I look."},
                    {"type": "tool_use", "id": "t1", **given},
                ],
            },
            {"role": "user", "content": content},
        ],
    }


def chat(result: object, arguments: str = '{"command": "grep -rn x src"}') -> dict[str, Any]:
    """The same for Chat Completions."""
    function = {"name": "bash", "arguments": arguments}
    return {
        "model": "gpt-x",
        "tools": [{"type": "function", "function": {"name": "bash"}}],
        "messages": [
            {"role": "system", "content": LOG},
            {"role": "user", "content": [{"type": "text", "text": "Find x."}]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "type": "function", "function": function}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": result},
        ],
    }


EXEC: dict[str, Any] = {
    "type": "function_call",
    "call_id": "c1",
    "name": "exec_command",
    "arguments": '{"cmd": "grep -rn x src"}',
}
HEADER = (
    "Chunk ID: 4f2a\nWall time: 0.12 seconds\nProcess exited with code {code}\n"
    "Original token count: 12\nOutput:\n"
)


def responses(output: object, call: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The same for Responses."""
    given = EXEC if call is None else call
    item = {"type": f"{given['type']}_output", "call_id": "c1", "output": output}
    return {
        "model": "gpt-x",
        "stream": True,
        "prompt_cache_key": "talk-1",
        "input": [
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Find x."}],
            },
            {"type": "reasoning", "encrypted_content": "…", "summary": []},
            given,
            item,
        ],
        **more,
    }


def gemini(*parts: dict[str, Any]) -> dict[str, Any]:
    """The same for Gemini, a call and a result for each of the parts."""
    calls = [
        {"functionCall": {"name": "shell", "args": {"command": f"run {at}"}}}
        for at, _ in enumerate(parts)
    ]
    answers = [{"functionResponse": {"name": "shell", "response": part}} for part in parts]
    return {
        "contents": [
            {"role": "user", "parts": [{"text": "Find x."}]},
            {"role": "model", "parts": [{"text": "I think", "thought": True}, *calls]},
            {"role": "user", "parts": answers},
        ]
    }
