"""Recorded sessions as agents and benchmarks leave them, read into what their wires carried."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
_SUFFIXES = (".jsonl", ".json", ".traj")


@dataclass(frozen=True, slots=True)
class Item:
    """One message or item in its wire's own shape. `at` is seconds since the epoch, 0 unknown.

    `keeps` is set where the user went back: how many items still stand before this one.
    """

    body: Json
    by_model: bool
    at: float = 0.0
    keeps: int | None = None


@dataclass(slots=True)
class Transcript:
    """One conversation. `endpoint` is host and path, `key` the member that holds the items."""

    name: str
    endpoint: tuple[str, str]
    key: str
    model: str
    items: list[Item] = field(default_factory=list)

    def requests(self) -> Iterator[tuple[list[Item], list[Item]]]:
        """What was sent each time, and what the model answered."""
        standing: list[Item] = []
        answer: list[Item] = []
        for item in self.items:
            if answer and not item.by_model:
                if standing:
                    yield list(standing), answer
                standing += answer
                answer = []
            if item.keeps is not None:
                del standing[item.keeps :]
            (answer if item.by_model else standing).append(item)
        if answer and standing:
            yield standing, answer


ANTHROPIC = ("api.anthropic.com", "/v1/messages")
RESPONSES = ("api.openai.com", "/v1/responses")
CHAT = ("api.openai.com", "/v1/chat/completions")


def find(paths: Iterable[Path]) -> list[Path]:
    """The files that may hold transcripts, those in folders too, sorted."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            named = (file for file in path.rglob("*") if file.suffix in _SUFFIXES)
            found.update(file for file in named if file.is_file())
        else:
            found.add(path)
    return sorted(found)


def read(path: Path) -> Iterator[Transcript]:
    """The conversations in a file; none when it is of no known kind. Raises OSError."""
    if path.suffix == ".jsonl":
        yield from _lines(path)
        return
    whole = _parsed(path.read_bytes())
    if isinstance(whole, dict) and isinstance(whole.get("trajectory"), list):
        yield _swe_agent(path.stem, whole)
    elif isinstance(whole, dict):
        yield from _chats(path.stem, [whole])
    elif isinstance(whole, list):
        rows = [{"messages": whole}] if _is_message(whole[:1]) else whole
        yield from _chats(path.stem, rows)


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _is_message(rows: list[Any]) -> bool:
    return bool(rows) and isinstance(rows[0], dict) and "role" in rows[0]


def _lines(path: Path) -> Iterator[Transcript]:
    kind: Callable[[str, Iterable[Json]], Iterator[Transcript]] | None = None
    with path.open("rb") as file:
        rows = (row for row in map(_parsed, file) if isinstance(row, dict))
        first: list[Json] = []
        for row in rows:
            first.append(row)
            kind = _kind(row)
            if kind:
                break
        if kind:
            yield from kind(path.stem, _chained(first, rows))


def _chained(first: list[Json], rest: Iterable[Json]) -> Iterator[Json]:
    yield from first
    yield from rest


def _kind(row: Json) -> Callable[[str, Iterable[Json]], Iterator[Transcript]] | None:
    if row.get("type") in ("user", "assistant") and isinstance(row.get("message"), dict):
        return _claude
    if row.get("type") in ("session_meta", "response_item", "turn_context"):
        return _codex
    return _chats if isinstance(row.get("messages"), list) else None


def _time(row: Json) -> float:
    try:
        return datetime.datetime.fromisoformat(
            str(row.get("timestamp")).replace("Z", "+00:00")
        ).timestamp()
    except ValueError:
        return 0.0


class _Thread:
    """One conversation of Claude Code as its rows come in."""

    def __init__(self, name: str, model: str = "") -> None:
        self.found = Transcript(name, ANTHROPIC, "messages", model)
        self._answer = ""
        self._length = 0
        self._ends: dict[str, int] = {}
        """How many items stand up to and with a row, by the row's id."""

    def add(self, row: Json) -> None:
        """An answer is split over rows with one id; what comes between two answers is one item."""
        message = row["message"]
        content = message.get("content")
        by_model = row["type"] == "assistant"
        same = by_model and message.get("id") and message["id"] == self._answer
        if by_model:
            self._answer = str(message.get("id") or "")
            model = str(message.get("model") or "")
            self.found.model = self.found.model if model in ("", "<synthetic>") else model
        elif content:
            self._answer = ""
        keeps = None if by_model else self._back(row)
        last = self.found.items[-1] if self.found.items and keeps is None else None
        if last and (same or not (by_model or last.by_model)) and content:
            last.body["content"] = [*_parts(last.body["content"]), *_parts(content)]
        elif content:
            body = {"role": "assistant" if by_model else "user", "content": content}
            self.found.items.append(Item(body, by_model, _time(row), keeps))
            self._length = (self._length if keeps is None else keeps) + 1
        self._ends[str(row.get("uuid"))] = self._length

    def _back(self, row: Json) -> int | None:
        """Where a prompt goes on from, when that is not the end: the user rewound, or forked."""
        if any(part.get("type") == "tool_result" for part in _parts(row["message"].get("content"))):
            return None
        end = self._ends.get(str(row.get("parentUuid")), self._length)
        return end if end < self._length else None


def _parts(content: Any) -> list[Json]:
    if isinstance(content, list):
        return [part for part in content if isinstance(part, dict)]
    return [{"type": "text", "text": str(content)}] if content else []


def _claude(name: str, rows: Iterable[Json]) -> Iterator[Transcript]:
    """Claude Code: sub-agents stand between the rows of who called them."""
    threads: dict[str, _Thread] = {}
    for row in rows:
        if row.get("type") not in ("user", "assistant") or not isinstance(row.get("message"), dict):
            continue
        side = str(row.get("agentId") or ("side" if row.get("isSidechain") else ""))
        thread = threads.setdefault(side, _Thread(f"{name}/{side}" if side else name))
        if row.get("isCompactSummary") and thread.found.items:
            yield thread.found
            thread = threads[side] = _Thread(f"{thread.found.name}+", thread.found.model)
        thread.add(row)
    for thread in threads.values():
        yield thread.found


def _codex(name: str, rows: Iterable[Json]) -> Iterator[Transcript]:
    found = Transcript(name, RESPONSES, "input", "")
    for row in rows:
        payload = row.get("payload")
        if not isinstance(payload, dict):
            continue
        found.model = str(payload.get("model") or found.model)
        if row.get("type") == "compacted":
            yield found
            found = Transcript(f"{found.name}+", RESPONSES, "input", found.model)
        elif row.get("type") == "response_item":
            kind = str(payload.get("type"))
            by_model = payload.get("role") == "assistant" or kind == "reasoning"
            by_model |= kind.endswith("_call")
            found.items.append(Item(payload, by_model, _time(row)))
    yield found


def _chats(name: str, rows: Iterable[Json]) -> Iterator[Transcript]:
    """OpenAI's shape (or Anthropic's), a conversation a row."""
    for number, row in enumerate(rows):
        messages = row.get("messages") if isinstance(row, dict) else None
        if not isinstance(messages, list) or not _is_message(messages):
            continue
        sound = [message for message in messages if isinstance(message, dict)]
        endpoint = CHAT if any(m.get("role") in ("tool", "system") for m in sound) else ANTHROPIC
        title = str(row.get("id") or (f"{name}#{number}" if number else name))
        items = [Item(message, message.get("role") == "assistant") for message in sound]
        yield Transcript(title, endpoint, "messages", str(row.get("model") or ""), items)


def _swe_agent(name: str, whole: Json) -> Transcript:
    """SWE-agent: thought and action of every step, and what was observed."""
    found = Transcript(name, CHAT, "messages", "")
    history = whole.get("history")
    for message in history if isinstance(history, list) else []:
        if not isinstance(message, dict) or message.get("role") == "assistant":
            break
        if not message.get("is_demo"):
            body = {"role": message.get("role"), "content": message.get("content")}
            found.items.append(Item(body, False))
    if not found.items:
        found.items.append(Item({"role": "user", "content": "(task)"}, False))
    for number, step in enumerate(whole["trajectory"]):
        if not isinstance(step, dict):
            continue
        call = {"command": step.get("action") or ""}
        function = {"name": "bash", "arguments": json.dumps(call)}
        calls = [{"id": f"call_{name}_{number}", "type": "function", "function": function}]
        answer = {"role": "assistant", "content": step.get("response") or "", "tool_calls": calls}
        result = {"role": "tool", "tool_call_id": calls[0]["id"]}
        found.items.append(Item(answer, True))
        found.items.append(Item({**result, "content": step.get("observation") or ""}, False))
    return found
