"""Which API's messages these are, and where each of their texts stands in a body of that API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from headroom_wrap.library import vercel
from headroom_wrap.library.tree import Path, Slot, plain, strings

_CAMEL = {"function_response": "functionResponse", "function_call": "functionCall"}
_RESPONSES = ("function_call", "custom_tool_call", "local_shell_call", "shell_call")


@dataclass(frozen=True, slots=True)
class Reading:
    """The messages as a request of the API at `path`."""

    path: str
    body: dict[str, Any]
    slots: tuple[Slot, ...]


def read(messages: list[Any], model: str = "", tools: Any = None) -> Reading:
    """The messages as the body they would be sent in."""
    tree = [plain(message) for message in messages]
    shape = _shape(tree)
    head: dict[str, Any] = {"model": model} if model else {}
    if tools:
        head["tools"] = plain(tools)
    if shape == "vercel":
        turned, slots = vercel.translate(tree)
        placed = [Slot(("messages", *slot.body), slot.caller, slot.wrap) for slot in slots]
        return Reading("/v1/messages", {**head, "messages": turned}, tuple(placed))
    if shape == "gemini":
        body = {**head, "contents": _renamed(tree)}
        return Reading("/v1beta/models/m:generateContent", body, _slots("contents", tree, _CAMEL))
    key, path = _HOMES[shape]
    return Reading(path, {**head, key: tree}, _slots(key, tree, {}))


_HOMES = {
    "anthropic": ("messages", "/v1/messages"),
    "chat": ("messages", "/v1/chat/completions"),
    "responses": ("input", "/v1/responses"),
}


def _shape(tree: list[Any]) -> str:
    for message in tree:
        if not isinstance(message, dict):
            continue
        if message.get("role") is None and str(message.get("type")).startswith(_RESPONSES):
            return "responses"
        if any("type" not in part for part in _parts(message.get("parts"))):
            return "gemini"
        for part in _parts(message.get("content")):
            if part.get("type") in ("tool-result", "tool-call"):
                return "vercel"
            if part.get("type") in ("tool_result", "tool_use"):
                return "anthropic"
    return "chat"


def _parts(content: Any) -> Iterable[dict[str, Any]]:
    if not isinstance(content, list):
        return ()
    return (part for part in content if isinstance(part, dict))


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(each) for each in value]
    if isinstance(value, dict):
        return {_CAMEL.get(key, key): _renamed(each) for key, each in value.items()}
    return value


def _slots(key: str, tree: list[Any], names: Mapping[str, str]) -> tuple[Slot, ...]:
    def spelled(path: Path) -> Path:
        return tuple(names.get(step, step) if isinstance(step, str) else step for step in path)

    return tuple(Slot((key, *spelled(path)), path) for path, _ in strings(tree))
