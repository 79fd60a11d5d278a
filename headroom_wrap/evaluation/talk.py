"""Conversations from one API's form into another's, as far as evaluations need it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from headroom_wrap.evaluation.rows import Call, Json, Prompt

_NOTES = (
    'Reply with the next call and nothing else, as {"name": "…", "arguments": {…}}. '
    "The functions you may call:"
)


def from_anthropic(message: Json) -> Iterator[Json]:
    """A message of Anthropic's as messages of a chat; images and thoughts are left out."""
    parts = message.get("content")
    if isinstance(parts, str):
        parts = [{"type": "text", "text": parts}]
    parts = [part for part in parts or [] if isinstance(part, dict)]
    said = "\n".join(part.get("text", "") for part in parts if part.get("type") == "text")
    if message.get("role") == "assistant":
        used = [part for part in parts if part.get("type") == "tool_use"]
        calls = [call(p.get("id", ""), p.get("name", ""), p.get("input") or {}) for p in used]
        if said or calls:
            yield assistant(said, calls)
        return
    for part in parts:
        if part.get("type") == "tool_result":
            name = part.get("tool_use_id", "")
            yield {"role": "tool", "tool_call_id": name, "content": text_of(part.get("content"))}
    if said:
        yield {"role": "user", "content": said}


def from_responses(item: Json) -> Iterator[Json]:
    """An item of OpenAI's Responses as a message of a chat; reasoning is left out."""
    kind, name = item.get("type", "message"), str(item.get("call_id") or item.get("id") or "")
    if kind == "message":
        role = "system" if item.get("role") == "developer" else item.get("role", "user")
        yield {"role": role, "content": text_of(item.get("content"))}
    elif kind in ("function_call", "custom_tool_call", "local_shell_call"):
        given = item.get("arguments", item.get("input", item.get("action")))
        yield assistant("", [call(name, str(item.get("name") or kind), _table(given))])
    elif kind.endswith("_output"):
        output = item.get("output")
        yield {"role": "tool", "tool_call_id": name, "content": text_of(output)}


def assistant(said: str, calls: list[Json]) -> Json:
    """What the model said and called."""
    more = {"tool_calls": calls} if calls else {}
    return {"role": "assistant", "content": said or None, **more}


def call(name: str, function: str, arguments: Json) -> Json:
    """A tool call of a chat; `name` is its id."""
    given = {"name": function, "arguments": json.dumps(arguments, ensure_ascii=False)}
    return {"id": name, "type": "function", "function": given}


def calls_of(message: Json) -> list[Call]:
    """The tool calls of a chat's message."""
    found = []
    for each in message.get("tool_calls") or []:
        function = each.get("function") or {}
        found.append(Call(str(function.get("name", "")), _table(function.get("arguments"))))
    return found


def _table(given: Any) -> Json:
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return {"input": given}
    return given if isinstance(given, dict) else {"input": given}


def text_of(content: Any) -> str:
    """The text of a content in any of the forms that APIs know."""
    if isinstance(content, dict):
        content = content.get("content", content.get("output", ""))
    if isinstance(content, list):
        parts = (part for part in content if isinstance(part, dict))
        return "\n".join(str(part["text"]) for part in parts if "text" in part)
    return content if isinstance(content, str) else ""


def to_anthropic(messages: Iterable[Json]) -> tuple[str, list[Json]]:
    """The system text and the messages; results of one turn stand in one message."""
    system: list[str] = []
    found: list[Json] = []
    for message in messages:
        role, said = message["role"], text_of(message.get("content"))
        if role in ("system", "developer"):
            system.append(said)
            continue
        parts: list[Json] = []
        if role == "tool":
            name = message["tool_call_id"]
            parts.append({"type": "tool_result", "tool_use_id": name, "content": said})
        elif said:
            parts.append({"type": "text", "text": said})
        for each, made in zip(message.get("tool_calls") or [], calls_of(message), strict=True):
            use = {"type": "tool_use", "id": each["id"], "name": made.name}
            parts.append({**use, "input": made.arguments})
        side = "assistant" if role == "assistant" else "user"
        if found and found[-1]["role"] == side:
            found[-1]["content"] += parts
        elif parts:
            found.append({"role": side, "content": parts})
    return "\n\n".join(system), found


def flat(prompt: Prompt) -> list[Json]:
    """For models that know no tools: calls and results told in words, sides taking turns.

    Where no call is asked for, the one that found the documents is left out: small models would
    go on in its form.
    """
    found: list[Json] = []
    for message in prompt.messages:
        role, said = message["role"], text_of(message.get("content"))
        for made in calls_of(message) if prompt.acts else ():
            told = json.dumps({"name": made.name, "arguments": made.arguments}, ensure_ascii=False)
            said = f"{said}\n{told}".strip()
        side = "user" if role == "tool" else role
        if said and found and found[-1]["role"] == side:
            found[-1]["content"] += f"\n\n{said}"
        elif said:
            found.append({"role": side, "content": said})
    if prompt.acts and found:
        offered = (json.dumps(tool["function"], ensure_ascii=False) for tool in prompt.tools)
        found[-1]["content"] += "\n\n" + "\n".join([_NOTES, *offered])
    return found
