"""How a conversation begins, and what its latest turn answers: read off any API's messages."""

from __future__ import annotations

import enum
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from headroom_wrap.types import Turn
from headroom_wrap.wire import added
from headroom_wrap.wire.spans import value

# What clients write anew each time, and no model reads: anywhere, and of a message itself.
_UNREAD = frozenset({"cache_control"})
_UNREAD_OF_ITEMS = frozenset({"id", "status"})
_UNREAD_PREFIX = "internal_"
# Only some APIs flag a failure: these words do for all.
_FAILURE = re.compile(
    r"error|exception|traceback|fail|fatal|panic|denied|not found|no such|cannot|timed? ?out",
    re.IGNORECASE,
)


class Kind(str, enum.Enum):
    """What the model answers: somebody's words, results, or results that may tell of a failure."""

    USER = "user"
    RESULT = "result"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Talk:
    """How far a conversation is: the messages before the model's first, and the model's turns,
    of which 2 stands for any more. `tools`: the model is offered some."""

    opening: int
    turns: int
    tools: bool


def read(body: bytes, turn: Turn) -> Talk:
    """How far a conversation is."""
    first, turns, speaking, tools = len(turn.messages), 0, False, turn.tools
    for at, (start, end) in enumerate(turn.messages):
        item = value(body[start:end])
        mine = _of_model(item)
        # Codex sends its tools as a message.
        tools = tools or (isinstance(item, dict) and item.get("type") == "additional_tools")
        if mine and not turns:
            first = at
        turns += mine and not speaking
        speaking = mine
        if turns > 1:
            break
    return Talk(first, turns, tools)


def name(body: bytes, turn: Turn, count: int, *more: str) -> bytes:
    """A hash of what the first `count` messages say, and of `more`."""
    said = [_item(value(body[start:end])) for start, end in turn.messages[:count]]
    text = json.dumps([said, more], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def kind(body: bytes, turn: Turn) -> Kind:
    """What the latest turn answers."""
    start, items = _latest(body, turn)
    failed = any(block.error for block in turn.blocks if block.span[0] >= start)
    results = False
    for said, words in (part for item in items for part in _parts(item)):
        if said == "user" and words:
            return Kind.USER
        if said == "result":
            results = True
            failed = failed or bool(_FAILURE.search(words))
    if not results:
        return Kind.USER
    return Kind.ERROR if failed else Kind.RESULT


def _latest(body: bytes, turn: Turn) -> tuple[int, list[Any]]:
    """Where what came after the model's last message begins, and what it is."""
    first, items = len(body), []
    for start, end in reversed(turn.messages):
        item = value(body[start:end])
        if _of_model(item):
            break
        first = start
        items.append(item)
    return first, items


def _of_model(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    role, named = item.get("role"), str(item.get("type") or "")
    return role in ("assistant", "model") or (
        role is None and (named.endswith("_call") or named == "reasoning")
    )


def _parts(item: Any) -> Iterator[tuple[str, str]]:
    """Who speaks in a message, and the words."""
    if not isinstance(item, dict):
        return
    role, named = item.get("role"), str(item.get("type") or "")
    if role in ("tool", "function") and "parts" not in item:
        yield "result", _words(item.get("content"))
    elif named.endswith("_output"):
        yield "result", _words(item.get("output"))
    elif role in ("user", "function") or "parts" in item:
        content = item.get("content", item.get("parts"))
        if isinstance(content, str):
            yield "user", added.words(content)
        for part in content if isinstance(content, list) else ():
            yield _part(part)


def _part(part: Any) -> tuple[str, str]:
    if not isinstance(part, dict):
        return "user", "?"
    response = part.get("functionResponse") or part.get("function_response")
    if response is not None:
        return "result", json.dumps(response)
    if part.get("type") == "tool_result":
        # Said once more in words: a flag of the API's own.
        flag = "error " if part.get("is_error") is True else ""
        return "result", flag + _words(part.get("content"))
    text = part.get("text")
    # A picture is as much a request as words are.
    return "user", added.words(text) if isinstance(text, str) else "?"


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    return json.dumps(content, ensure_ascii=False) if content else ""


def _item(found: Any) -> Any:
    if isinstance(found, dict):
        found = {key: each for key, each in found.items() if key not in _UNREAD_OF_ITEMS}
    return _plain(found)


def _plain(found: Any, key: str = "") -> Any:
    """What is said, however it is spelled: clients send one text now bare, now as a block."""
    if isinstance(found, dict):
        kept = {k: v for k, v in found.items() if k not in _UNREAD}
        return {k: _plain(v, k) for k, v in kept.items() if not k.startswith(_UNREAD_PREFIX)}
    if isinstance(found, list):
        return [_plain(each) for each in found]
    if key == "content" and isinstance(found, str):
        return [{"type": "text", "text": found}]
    if key == "arguments" and isinstance(found, str):
        # Sessions are taken up with their arguments spelled anew.
        opened = value(found)
        return found if opened is None else opened
    return found
