"""What was said before a tool result: the calls by their ids, and what the reader is after."""

from __future__ import annotations

import json
import re
import shlex
from collections import OrderedDict
from typing import Any

from headroom_wrap.types import Origin
from headroom_wrap.wire.spans import value

_COMMANDS = ("command", "cmd", "script", "commands", "CommandLine")
_PATHS = (
    "file_path path filename filePath file notebook_path absolute_path target_file file_name uri "
    "relative_path relative_workspace_path"
).split()
_REMINDER = re.compile(r"<system-reminder>.*?</system-reminder>", re.S)
_IN_CODE = re.compile(
    r"\b(?:cmd|command)[\"']?\s*:\s*"
    r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)",
    re.S,
)
_SHELLS = frozenset("bash sh zsh dash fish".split())
_ARGUMENTS = 500
_QUERY = 8000
_REMEMBERED = 2000


class Said:
    """Reads a conversation in order; `origin` and `query` are true for the result that is next."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, tuple[Origin, str]] = OrderedDict()
        self._user = ""
        self._assistant = ""

    def user(self, text: str) -> None:
        """The user said something; what clients put in between by themselves does not count."""
        plain = _REMINDER.sub("", text).strip()
        if plain:
            self._user, self._assistant = plain[:_QUERY], ""

    def assistant(self, text: str) -> None:
        if text.strip():
            self._assistant = text.strip()[:_QUERY]

    def call(self, name: str, tool: str, arguments: Any) -> None:
        """The model called a tool; `name` is the call's id."""
        if not name:
            return
        if isinstance(arguments, str):
            opened = value(arguments)
            arguments = opened if isinstance(opened, dict) else {"input": arguments}
        table = arguments if isinstance(arguments, dict) else {}
        self._calls[name] = origin(tool, table), _rest(table)
        while len(self._calls) > _REMEMBERED:
            self._calls.popitem(last=False)

    def origin(self, name: str) -> Origin:
        """What a result with this call id is of."""
        found = self._calls.get(name)
        return found[0] if found else Origin()

    def query(self, name: str = "") -> str:
        """What was asked before, and what the call itself asked for."""
        asked = self._calls[name][1] if name in self._calls else ""
        return "\n".join(part for part in (self._user, self._assistant, asked) if part)


class Carried(Said):
    """The memory of one WebSocket: earlier items stay on the server's side."""

    def learn(self, message: bytes) -> None:
        """Take note of a server's message. Never raises."""
        if b'"response.output_item.done"' not in message[:400]:
            return
        event = value(message)
        item = event.get("item") if isinstance(event, dict) else None
        if isinstance(item, dict):
            note_item(self, item)


def note_item(said: Said, item: dict[str, Any]) -> None:
    """Takes note of what the model said or called in an item of the Responses API."""
    kind, name = item.get("type"), str(item.get("call_id") or item.get("id") or "")
    if kind == "message" and item.get("role") == "assistant":
        said.assistant(_joined(item.get("content")))
    elif kind == "function_call":
        said.call(name, str(item.get("name") or ""), item.get("arguments"))
    elif kind == "custom_tool_call":
        said.call(name, str(item.get("name") or ""), _in_code(item.get("input")))
    elif kind in ("local_shell_call", "shell_call"):
        said.call(name, "shell", item.get("action"))


def _joined(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))


def _in_code(code: Any) -> Any:
    """The one shell command in a script of Codex's code mode, else the script."""
    if not isinstance(code, str):
        return {}
    found = [match[1] for match in _IN_CODE.finditer(code)]
    if len(found) != 1:
        return {"command": code}
    return {"command": _unquoted(found[0])}


def _unquoted(literal: str) -> str:
    if literal[0] == '"':
        opened = value(literal)
        if isinstance(opened, str):
            return opened
    return re.sub(
        r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), literal[1:-1], flags=re.S
    )


def origin(tool: str, arguments: dict[str, Any]) -> Origin:
    """The origin of a result, from the tool's name and its arguments."""
    if "headroom_retrieve" in tool:
        return Origin(tool, f"headroom get {arguments.get('hash', '')}")
    command = next((arguments[key] for key in _COMMANDS if arguments.get(key)), "")
    path = next((arguments[key] for key in _PATHS if isinstance(arguments.get(key), str)), "")
    return Origin(tool, _command(command), path)


def _command(given: Any) -> str:
    if isinstance(given, str):
        return given
    words = [word for word in given if isinstance(word, str)] if isinstance(given, list) else []
    if len(words) == 1:
        return words[0]
    if len(words) > 2 and words[0].rsplit("/", 1)[-1] in _SHELLS and words[1].startswith("-"):
        return words[2]
    return shlex.join(words)


def _rest(arguments: dict[str, Any]) -> str:
    """The other arguments, such as the pattern of a search."""
    known = {*_COMMANDS, *_PATHS, "description", "old_string", "new_string", "content", "input"}
    rest = {key: each for key, each in arguments.items() if key not in known}
    text = " ".join(each if isinstance(each, str) else json.dumps(each) for each in rest.values())
    return text[:_ARGUMENTS]
