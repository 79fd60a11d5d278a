"""Agent transcripts: the next action at each step, against the one that the same model takes when
nothing is shortened."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headroom_wrap.evaluation import talk
from headroom_wrap.evaluation.rows import Answer, Call, Json, Prompt, Row
from headroom_wrap.evaluation.suites import _calls, _files
from headroom_wrap.evaluation.suites._api import Source

NAME = "agent"
ABOUT = "the next action of recorded sessions (Claude Code, Codex, SWE-agent, chats as JSON)"
SOURCES: tuple[Source, ...] = ()
METRICS: tuple[str, ...] = ("recorded action", "recorded call")
TOKENS = 600
MIXES = False
_ARGUMENTS = ("command", "cmd", "input", "file_path", "path", "pattern")
_WRAPPERS = frozenset({"cd", "sudo", "env", "timeout", "nohup"})


def load(path: Path) -> Iterator[Row]:
    """A row for each action that follows a tool's result."""
    from headroom_wrap.replay import find, read

    files = find([path])
    for file in files:
        try:
            for at, transcript in enumerate(read(file)):
                items = (_chat(transcript.endpoint[1], item.body) for item in transcript.items)
                messages = list(itertools.chain.from_iterable(items))
                yield from _steps(f"{transcript.name}/{at}", messages)
        except OSError as problem:
            raise _files.DataError(f"cannot read {file}: {problem.strerror}") from problem


def _chat(path: str, body: Json) -> Iterator[Json]:
    if path.endswith("/messages"):
        return talk.from_anthropic(body)
    return talk.from_responses(body) if path.endswith("/responses") else iter([body])


def _steps(name: str, messages: list[Json]) -> Iterator[Row]:
    tools = tuple(_tools(messages))
    for at, message in enumerate(messages):
        calls = talk.calls_of(message) if message.get("role") == "assistant" else []
        before = messages[:at]
        if calls and before and before[-1].get("role") == "tool" and _sound(before):
            about = {"messages": before, "tools": tools, "call": calls[0]}
            yield Row(f"{name}@{at}", "", about=about)


def _sound(messages: list[Json]) -> bool:
    """Whether every call is answered: no endpoint takes a conversation where one is not."""
    asked = {call["id"] for m in messages for call in m.get("tool_calls") or []}
    return asked == {m.get("tool_call_id") for m in messages if m.get("role") == "tool"}


def _tools(messages: list[Json]) -> Iterator[Json]:
    """The tools as their calls show them: transcripts do not carry schemas."""
    seen: dict[str, dict[str, Any]] = {}
    for call in (call for message in messages for call in talk.calls_of(message)):
        seen.setdefault(call.name, {}).update(call.arguments)
    for name, arguments in sorted(seen.items()):
        properties = {key: _typed(value) for key, value in sorted(arguments.items())}
        parameters = {"type": "object", "properties": properties}
        yield {"type": "function", "function": {"name": name, "parameters": parameters}}


def _typed(value: Any) -> Json:
    kinds = {bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return {"type": kinds.get(type(value), "string")}


def prompt(row: Row) -> Prompt:
    return Prompt(tuple(row.about["messages"]), row.about["tools"], acts=True)


def score(row: Row, answer: Answer) -> dict[str, float]:
    """`recorded call` is the very call, `recorded action` the same program or the same file."""
    taken, wanted = _taken(answer), row.about["call"]
    return {
        "recorded action": float(_action(taken) == _action(wanted)),
        "recorded call": float(taken == wanted),
    }


def same(one: Answer, other: Answer) -> bool:
    """Whether both take the same action; words beside it and details of it may differ."""
    return _action(_taken(one)) == _action(_taken(other))


def _taken(answer: Answer) -> Call | None:
    found = _calls.first(answer)
    return found or (Call("bash", {"command": _calls.line(answer.text)}) if answer.text else None)


def _action(call: Call | None) -> tuple[str, str]:
    """What a call does: the tool, and the program it runs or the file it is about."""
    if call is None:
        return "", ""
    given = next((call.arguments[key] for key in _ARGUMENTS if key in call.arguments), "")
    if isinstance(given, list):
        given = shlex.join(str(each) for each in given)
    words = str(given).split()
    return call.name.lower(), next((word for word in words if word not in _WRAPPERS), "")
