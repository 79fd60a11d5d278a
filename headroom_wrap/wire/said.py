"""What was said before a tool result: the calls by their ids, and what the reader is after."""

from __future__ import annotations

import re
import shlex
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from headroom_wrap.types import Block, Origin
from headroom_wrap.wire import added
from headroom_wrap.wire.spans import Span, sound, value

_COMMANDS = ("command", "cmd", "script", "commands", "CommandLine")
_PATHS = (
    "file_path path filename filePath file notebook_path absolute_path target_file file_name uri "
    "relative_path relative_workspace_path"
).split()
_IN_CODE = re.compile(
    r"\b(?:cmd|command)[\"']?\s*:\s*"
    r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)",
    re.S,
)
_SHELLS = frozenset("bash sh zsh dash fish".split())
# Editors of files name what they do where shells name what they run.
_EDITS = frozenset("view create str_replace insert undo_edit".split())
_LEARNED = (b'"response.output_item.done"', b'"response.completed"')
_HEAD = 400
_ARGUMENTS = 500
_QUERY = 8000
_REMEMBERED = 2000
# What was called, and what else the call asked for.
Call = tuple[Origin, str]


class Said:
    """What was said so far, read in order; `origin` and `query` describe the result to come."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._user = ""
        self._assistant = ""
        self.typed = True
        """Whether results may come as the user's own words: only where no tools are offered."""

    def user(self, text: str) -> None:
        """The user said something; notes that the client added by itself do not count."""
        plain = added.words(text)
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
        self._note(name, (origin(tool, table), _rest(table)))

    def _note(self, name: str, call: Call) -> None:
        self._calls[name] = call
        while len(self._calls) > _REMEMBERED:
            self._calls.popitem(last=False)

    def blocks(
        self, messages: Iterable[Span], read: Callable[[Span], Iterable[Block]]
    ) -> list[Block]:
        """The results in the messages, which are read in order."""
        found: list[Block] = []
        for span in messages:
            self._begin()
            found += read(span)
        return found

    def _begin(self) -> None:
        """A message begins."""

    def origin(self, name: str) -> Origin:
        """What a result with this call id is of."""
        found = self._calls.get(name)
        return found[0] if found else Origin()

    def block(
        self, span: Span, text: str, name: str, error: bool = False, quoted: bool = False
    ) -> Block:
        """A result with the call id `name`."""
        asked = self.query(name)
        return Block(span, text, self.origin(name), sound(name), error, asked, quoted)

    def query(self, name: str = "") -> str:
        """What was asked before, and what the call itself asked for."""
        asked = self._calls[name][1] if name in self._calls else ""
        return "\n".join(part for part in (self._user, self._assistant, asked) if part)


class Carried(Said):
    """The memory of one WebSocket: earlier items stay on the server's side."""

    def learn(self, message: bytes) -> None:
        """Take note of a server's message. Never raises."""
        if not any(kind in message[:_HEAD] for kind in _LEARNED):
            return
        event = value(message)
        if not isinstance(event, dict):
            return
        response = event.get("response")
        output = response.get("output") if isinstance(response, dict) else None
        for item in output if isinstance(output, list) else [event.get("item")]:
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
        tool, given = str(item.get("name") or ""), item.get("input")
        said.call(name, tool, given if tool == "apply_patch" else _in_code(given))
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
        name = arguments.get("hash")
        return Origin(sound(tool), f"headroom get {sound(name) if isinstance(name, str) else ''}")
    given = next((arguments[key] for key in _COMMANDS if arguments.get(key)), "")
    path = next((arguments[key] for key in _PATHS if isinstance(arguments.get(key), str)), "")
    command = _several(given) if given is arguments.get("commands") else _command(given)
    return Origin(sound(tool), "" if path and command in _EDITS else sound(command), sound(path))


def _several(given: Any) -> str:
    """Commands that run one after the other."""
    lines = [line for line in given if isinstance(line, str)] if isinstance(given, list) else []
    return "\n".join(lines) or _command(given)


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
    texts = [each for key, each in arguments.items() if key not in known]
    return " ".join(_plain(each) for each in texts)[:_ARGUMENTS]


def _plain(argument: Any) -> str:
    if isinstance(argument, str):
        return argument[:_ARGUMENTS]
    if isinstance(argument, list):
        words = [each for each in argument[:_ARGUMENTS] if isinstance(each, str | int)]
        return " ".join(str(each)[:_ARGUMENTS] for each in words)
    return str(argument) if isinstance(argument, int | float) else ""
