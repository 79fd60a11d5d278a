"""What Anthropic refuses: unpaired calls, wrong order, foreign signatures, too many marks."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from tests.fake.exchange import RefusedError

_STAMP = b"fake model"
_MARKS = 4


def signature(thought: str) -> str:
    """The seal on a thinking block."""
    return hmac.new(_STAMP, thought.encode(), hashlib.sha256).hexdigest()


def content(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A message's content as blocks."""
    inner = message["content"]
    return [{"type": "text", "text": inner}] if isinstance(inner, str) else inner


def check(body: Mapping[str, Any]) -> None:
    """Raise RefusedError for what the real server answers with 400."""
    for field in ("model", "max_tokens", "messages"):
        if not body.get(field):
            raise RefusedError(f"{field}: Field required")
    names = [tool["name"] for tool in body.get("tools") or []]
    if len(names) != len(set(names)):
        raise RefusedError("tools: Tool names must be unique.")
    if _marks(body) > _MARKS:
        raise RefusedError(f"A maximum of {_MARKS} blocks with cache_control may be provided.")
    open_calls: list[str] = []
    for at, message in enumerate(body["messages"]):
        where = f"messages.{at}"
        if message["role"] == "system":
            continue
        if message["role"] == "assistant":
            _none_open(open_calls, where)
            open_calls = _check_assistant(content(message), where)
        elif message["role"] == "user":
            _check_user(content(message), open_calls, where)
            open_calls = []
        else:
            raise RefusedError(f"{where}.role: Input should be 'user' or 'assistant'")
    _none_open(open_calls, "messages")


def _none_open(calls: list[str], where: str) -> None:
    if calls:
        raise RefusedError(
            f"{where}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(calls)}. Each `tool_use` block must have a corresponding `tool_result` "
            "block in the next message."
        )


def _check_assistant(blocks: list[dict[str, Any]], where: str) -> list[str]:
    calls: list[str] = []
    for at, block in enumerate(blocks):
        kind = block["type"]
        if kind == "thinking":
            if block.get("signature") != signature(block["thinking"]):
                raise RefusedError(f"{where}.content.{at}: Invalid `signature` in `thinking` block")
            if any(b["type"] != "thinking" for b in blocks[:at]):
                raise RefusedError(
                    f"{where}.content.{at}: `thinking` must come before other blocks"
                )
        elif kind == "text":
            _check_text(block, f"{where}.content.{at}")
        elif kind == "tool_use":
            if not isinstance(block["input"], dict):
                raise RefusedError(
                    f"{where}.content.{at}.input: Input should be a valid dictionary"
                )
            calls.append(block["id"])
        else:
            raise RefusedError(f"{where}.content.{at}.type: unexpected {kind}")
    return calls


def _check_user(blocks: list[dict[str, Any]], calls: list[str], where: str) -> None:
    missing, others = list(calls), False
    for at, block in enumerate(blocks):
        if block["type"] != "tool_result":
            others = True
            _check_text(block, f"{where}.content.{at}")
            continue
        if block["tool_use_id"] not in missing:
            raise RefusedError(
                f"{where}.content.{at}: unexpected `tool_use_id` found in `tool_result` blocks: "
                f"{block['tool_use_id']}. Each `tool_result` block must have a corresponding "
                "`tool_use` block in the previous message."
            )
        if others:
            raise RefusedError(f"{where}: `tool_result` blocks must come first")
        missing.remove(block["tool_use_id"])
        for part in content(block) if block.get("content") else []:
            _check_text(part, f"{where}.content.{at}.content")
    _none_open(missing, where)


def _check_text(block: Mapping[str, Any], where: str) -> None:
    if block["type"] == "text" and not block["text"]:
        raise RefusedError(f"{where}: text content blocks must be non-empty")


def _marks(value: object) -> int:
    if isinstance(value, dict):
        return ("cache_control" in value) + sum(_marks(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(_marks(inner) for inner in value)
    return 0
