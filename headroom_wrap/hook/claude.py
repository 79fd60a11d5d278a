"""One PostToolUse event in, the answer that replaces its output; see the hooks' reference at
https://code.claude.com/docs/en/hooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headroom_wrap import policy

# What is read of a transcript to find the request: its end.
_TAIL = 512 << 10
# Where the text stands that the model reads; a tool's output keeps its shape.
_TEXTS = {"Bash": ("stdout", "stderr"), "Grep": ("content",), "WebFetch": ("result",)}


def answer(event: dict[str, Any]) -> dict[str, Any] | None:
    """What is to be printed; None leaves the output as it is."""
    tool, output = event.get("tool_name"), event.get("tool_response")
    if not isinstance(tool, str) or _size(output) < policy.SHORT_CHARS:
        return None
    shorter = _shortened(tool, output, event)
    if shorter == output:
        return None
    said = {"hookEventName": "PostToolUse", "updatedToolOutput": shorter}
    return {"hookSpecificOutput": said, "suppressOutput": True}


def _shortened(tool: str, output: Any, event: dict[str, Any]) -> Any:
    if tool.startswith("mcp__"):
        return _blocks(tool, output, event)
    if tool not in _TEXTS or not isinstance(output, dict):
        return output
    texts = {key: output[key] for key in _TEXTS[tool] if isinstance(output.get(key), str)}
    return {**output, **{key: _short(text, tool, event) for key, text in texts.items()}}


def _blocks(tool: str, output: Any, event: dict[str, Any]) -> Any:
    if isinstance(output, str):
        return _short(output, tool, event)
    if not isinstance(output, list):
        return output
    return [
        {**block, "text": _short(block["text"], tool, event)}
        if isinstance(block, dict) and isinstance(block.get("text"), str)
        else block
        for block in output
    ]


def _short(text: str, tool: str, event: dict[str, Any]) -> str:
    if len(text) < policy.SHORT_CHARS:
        return text
    from headroom import compress_result
    from headroom_wrap import tokens

    found = compress_result(
        text,
        tool,
        event.get("tool_input"),
        query=request(str(event.get("transcript_path") or "")),
        call_id=str(event.get("tool_use_id") or ""),
    )
    sent = _advised(found.text, found.hash) if found.hash else text
    return sent if tokens.count(sent) < found.tokens_before else text


def _advised(text: str, name: str) -> str:
    """The marker says how the original is read: there is no other way to it in such a session."""
    whole, short = text.removesuffix("]"), name[:8]
    joint = "; " if whole.rpartition("\n")[2].startswith(f"[headroom {short}: ") else ": "
    return f"{whole}{joint}all: headroom get {short}]"


def _size(output: Any) -> int:
    return len(json.dumps(output)) if isinstance(output, (dict, list)) else len(str(output))


def request(transcript: str) -> str:
    """What the user asked last, as the session's own transcript tells."""
    for line in _backwards(transcript):
        if line.get("type") != "user" or line.get("isMeta"):
            continue
        message = line.get("message")
        text = _said(message.get("content")) if isinstance(message, dict) else ""
        if text.strip():
            return text
    return ""


def _said(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [p.get("text") for p in parts if isinstance(p, dict) and p.get("type") == "text"]
    return "\n".join(text for text in texts if isinstance(text, str))


def _backwards(transcript: str) -> Iterator[dict[str, Any]]:
    try:
        with Path(transcript).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            lines = file.read().splitlines()
    except (OSError, ValueError):
        return
    for line in reversed(lines):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found
