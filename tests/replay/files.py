"""Session files as agents leave them."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from headroom_wrap.replay import Transcript, read

Json = dict[str, Any]
MODEL = "claude-opus-4-8"
_START = datetime.datetime(2026, 11, 25, 3)


def lines(path: Path, rows: Iterable[Json]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


class Claude:
    """Rows of a Claude Code session, each a child of the one before unless told otherwise."""

    def __init__(self) -> None:
        self.rows: list[Json] = [{"type": "summary", "summary": "About it", "leafUuid": "x"}]
        self.last = ""
        self.seconds = 0

    def prompt(self, text: str, parent: str | None = None, **more: object) -> str:
        return self._row("user", {"role": "user", "content": text}, parent, more)

    def calls(self, *names: str, answer: str = "msg_1", tool: str = "Bash", **call: str) -> str:
        """One answer, a row for each of its parts: words, then calls."""
        parts = [{"type": "text", "text": "Looking."}]
        parts += [{"type": "tool_use", "id": n, "name": tool, "input": call} for n in names]
        for part in parts:
            message = {"id": answer, "role": "assistant", "model": MODEL, "content": [part]}
            self._row("assistant", message, None, {})
        return self.last

    def result(self, name: str, text: str, parent: str | None = None, **more: object) -> str:
        part = {"type": "tool_result", "tool_use_id": name, "content": text}
        return self._row("user", {"role": "user", "content": [part]}, parent, more)

    def transcript(self) -> Transcript:
        """What is read out of them."""
        with tempfile.TemporaryDirectory() as folder:
            [found] = read(lines(Path(folder) / "s.jsonl", self.rows))
        return found

    def _row(self, kind: str, message: Json, parent: str | None, more: Json) -> str:
        self.seconds += 5
        name = f"u{len(self.rows)}"
        row = {
            "type": kind,
            "uuid": name,
            "parentUuid": self.last if parent is None else parent,
            "timestamp": f"{_START + datetime.timedelta(seconds=self.seconds):%FT%T}.000Z",
            "message": message,
            **more,
        }
        self.rows.append(row)
        self.last = name
        return name


def codex(results: Iterable[tuple[str, str]]) -> list[Json]:
    """A Codex rollout: commands and their outputs."""
    rows: list[Json] = [
        {"type": "session_meta", "payload": {"id": "s", "cwd": "/r"}},
        {"type": "turn_context", "payload": {"model": "gpt-5.5"}},
        _item(
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Go"}]}
        ),
    ]
    for number, (command, output) in enumerate(results):
        name = f"call_{number:024}"
        arguments = json.dumps({"cmd": command})
        call = {"type": "function_call", "name": "exec_command", "call_id": name}
        rows.append({"type": "event_msg", "payload": {"type": "token_count"}})
        rows.append(_item({"type": "reasoning", "summary": [], "encrypted_content": "x"}))
        rows.append(_item({**call, "arguments": arguments}))
        rows.append(_item({"type": "function_call_output", "call_id": name, "output": output}))
    said = [{"type": "output_text", "text": "Done"}]
    return [*rows, _item({"type": "message", "role": "assistant", "content": said})]


def _item(payload: Json) -> Json:
    return {"timestamp": "2026-11-25T03:00:00.000Z", "type": "response_item", "payload": payload}


def chat(results: Iterable[tuple[str, str]]) -> list[Json]:
    """Messages in OpenAI's chat form."""
    messages: list[Json] = [
        {"role": "system", "content": "You are an agent."},
        {"role": "user", "content": "Go"},
    ]
    for number, (command, output) in enumerate(results):
        function = {"name": "bash", "arguments": json.dumps({"command": command})}
        call = {"id": f"call_{number:024}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": output})
    return [*messages, {"role": "assistant", "content": "Done"}]
