"""Messages of the Vercel AI SDK, told the way Anthropic's API tells them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from headroom_wrap.library.tree import Path, Slot


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in the output of a tool: its path in there, and what takes the place of a new one."""

    path: Path
    text: str
    wrap: Callable[[str], Any] = str


def translate(tree: list[Any]) -> tuple[list[Any], list[Slot]]:
    """The messages, and the place of each text of a tool result."""
    turned: list[Any] = []
    places: list[Slot] = []
    for at, message in enumerate(tree):
        content = message.get("content") if isinstance(message, dict) else None
        if not isinstance(content, list):
            turned.append(message)
            continue
        role = "user" if message.get("role") == "tool" else message.get("role")
        parts = [_part(part) for part in content]
        turned.append({"role": role, "content": parts})
        for number, part in enumerate(content):
            for index, text in enumerate(_texts(part)):
                body: Path = (at, "content", number, "content", index, "text")
                places.append(Slot(body, (at, "content", number, *text.path), text.wrap))
    return turned, places


def _part(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    kind, name = part.get("type"), part.get("toolCallId")
    if kind == "tool-call":
        given = part.get("input", part.get("args"))
        return {"type": "tool_use", "id": name, "name": part.get("toolName"), "input": given}
    if kind == "tool-result":
        texts = [{"type": "text", "text": text.text} for text in _texts(part)]
        found = {"type": "tool_result", "tool_use_id": name, "content": texts}
        return {**found, "is_error": _failed(part)}
    return part


def _failed(part: dict[str, Any]) -> bool:
    output = part.get("output")
    kind = output.get("type") if isinstance(output, dict) else ""
    return part.get("isError") is True or str(kind).startswith("error")


def _texts(part: Any) -> Iterator[_Text]:
    if not isinstance(part, dict) or part.get("type") != "tool-result":
        return
    output = part.get("output")
    kind = str(output.get("type")) if isinstance(output, dict) else ""
    if not isinstance(output, dict):
        key = "output" if "output" in part else "result"
        yield from _value((key,), part.get(key))
    elif kind in ("json", "error-json"):
        label = kind.replace("json", "text")
        text = _dumped(output.get("value"))
        yield _Text(("output",), text, lambda new: {**output, "type": label, "value": new})
    elif kind in ("text", "error-text"):
        yield from _value(("output", "value"), output.get("value"))
    elif kind == "content" and isinstance(output.get("value"), list):
        for at, each in enumerate(output["value"]):
            if isinstance(each, dict) and isinstance(each.get("text"), str):
                yield _Text(("output", "value", at, "text"), each["text"])


def _value(path: Path, value: Any) -> Iterator[_Text]:
    if value is not None:
        yield _Text(path, value if isinstance(value, str) else _dumped(value))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
