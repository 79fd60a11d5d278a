"""Cases to measure on: our own golden ones, a folder of JSON lines, or whole headline requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.compressors.cases import Case as Golden
from tests.compressors.cases import cases

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """A conversation that ends in tool results, and what must stay visible of them.

    `needles` are strings; each of `lines` is a group of strings that one line has to hold.
    """

    id: str
    kind: str
    messages: Messages
    needles: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)


def golden() -> Iterator[Case]:
    """The golden cases; their kind is the compressor that is meant for them."""
    for case in cases():
        yield Case(case.name, case.compressor, _conversation(case), case.shown)


def _conversation(case: Golden) -> Messages:
    origin = case.origin
    given = {"command": origin.command, "path": origin.path}
    arguments = json.dumps({key: value for key, value in given.items() if value})
    call = {"name": origin.tool or "Bash", "arguments": arguments}
    name = f"call_{case.name}"
    return [
        {"role": "user", "content": case.about.get("question", "")},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": name, "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": name, "content": case.text},
    ]


def corpus(folder: Path, questions: bool = False) -> Iterator[Case]:
    """The cases in `folder`/*.jsonl: {id, kind, messages, needles, needles_x}.

    Kinds called qa_… have no tool results to speak of and are left out unless asked for.
    """
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for row in map(json.loads, file):
                if row["kind"].startswith("qa_") == questions:
                    groups = [x["line_all"] for x in row.get("needles_x", []) if "line_all" in x]
                    yield Case(row["id"], row["kind"], row["messages"], row["needles"], groups)


def headline(folder: Path) -> Iterator[Case]:
    """The requests in `folder`/*.json: {messages}."""
    for path in sorted(folder.glob("*.json")):
        found = json.loads(path.read_text("utf-8"))
        yield Case(path.stem, path.stem, found["messages"], found.get("needles", []))
