"""A conversation in Anthropic's shape that grows turn by turn, and what is forwarded of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap import wire
from headroom_wrap.pipeline import Pipeline, Shortened
from headroom_wrap.types import Usage

HOST, PATH = "api.anthropic.com", "/v1/messages"
MARK = {"type": "ephemeral"}


def log(lines: int, word: str = "request") -> str:
    """A log that folds well."""
    rows = (
        f"2026-11-25T03:{n // 60:02}:{n % 60:02}Z INFO handled {word} {n} in {n % 7} ms"
        for n in range(lines)
    )
    return "\n".join(rows)


def code(lines: int, changed: int = -1) -> str:
    """A numbered file as a read tool shows it."""
    rows = (
        f"{n:6}\t    total_{n} = compute({n if n != changed else 'other'}, scale)"
        for n in range(1, lines + 1)
    )
    return "\n".join(rows)


@dataclass
class Talk:
    """One conversation; `ttl` goes into its cache marks."""

    prompt: str = "Look around."
    ttl: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    model: str = "claude-opus-4-8"

    def __post_init__(self) -> None:
        self.messages.append({"role": "user", "content": self.prompt})

    def result(self, text: str, tool: str = "Bash", failed: bool = False, **call: str) -> str:
        """The model calls a tool and gets this text; returns the call's id."""
        self.calls += 1
        name = f"toolu_{self.prompt[:4]}{self.calls:020}"
        use = {"type": "tool_use", "id": name, "name": tool, "input": call}
        back = {"type": "tool_result", "tool_use_id": name, "content": text, "is_error": failed}
        self.messages.append({"role": "assistant", "content": [use]})
        self.messages.append({"role": "user", "content": [back]})
        return name

    def body(self) -> bytes:
        mark = {**MARK, "ttl": self.ttl} if self.ttl else MARK
        system = [{"type": "text", "text": "You are an agent. " * 50, "cache_control": mark}]
        whole = {"model": self.model, "system": system, "messages": self.messages}
        return json.dumps(whole).encode()

    def send(self, pipeline: Pipeline, cache_read: int = 0) -> Shortened:
        """One exchange."""
        found = pipeline.shorten(HOST, PATH, self.body())
        pipeline.settle(found.record, Usage(10, cache_read, 90, 0, 5), "claude-opus-4-8", 200)
        return found


def sent(found: Shortened) -> dict[str, str]:
    """Texts of the results that were forwarded, by call."""
    read = wire.read(HOST, PATH, found.body)
    assert read is not None
    return {block.call_id: block.text for block in read[1].blocks}


def forwarded(found: Shortened) -> list[bytes]:
    """The messages as the provider's cache sees them."""
    read = wire.read(HOST, PATH, found.body)
    assert read is not None
    return [found.body[start:end] for start, end in read[1].messages]
