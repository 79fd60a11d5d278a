"""The requests of one conversation, turn by turn, as each API's clients make them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap.pipeline import Judge, Pipeline, Shortened, Situation
from headroom_wrap.shaper.sentence import LATEST, SENTENCES
from headroom_wrap.store import Store
from headroom_wrap.types import Level, Shaping, Usage

SENTENCE = SENTENCES[LATEST]
STEER = Shaping(steer=True)
PLACES = {
    "anthropic": ("api.anthropic.com", "/v1/messages"),
    "openai_chat": ("api.openai.com", "/v1/chat/completions"),
    "openai_responses": ("api.openai.com", "/v1/responses"),
    "gemini": ("generativelanguage.googleapis.com", "/v1beta/models/g-3:generateContent"),
}
_MARK = {"type": "ephemeral"}


def pipeline(store: Store, shaping: Shaping | None = None, observe: bool = False) -> Pipeline:
    """A process of ours over a store."""
    where = Situation("s", "agent", "/p", observe)
    return Pipeline(store, Judge(Level.SAFE), where, shaping=shaping)


@dataclass
class Talk:
    """One conversation: `said` holds its messages in the shape of its API."""

    wire: str
    prompt: str = "Look around."
    session: str = ""
    tools: bool = True
    model: str = "m"
    more: dict[str, Any] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    who: str = "a"
    """Part of the ids of its calls, which no two conversations share."""

    def __post_init__(self) -> None:
        if self.wire == "openai_chat":
            self.said.append({"role": "developer", "content": "You are an agent."})
        if self.wire == "openai_responses":
            self.said.append(_item("developer", "You are an agent."))
        self.ask(self.prompt)

    def ask(self, text: str) -> None:
        """Somebody says something."""
        if self.wire == "gemini":
            self.said.append({"role": "user", "parts": [{"text": text}]})
        elif self.wire == "openai_responses":
            self.said.append(_item("user", text))
        elif self.wire == "anthropic":
            self.said.append({"role": "user", "content": [{"type": "text", "text": text}]})
        else:
            self.said.append({"role": "user", "content": text})

    def result(self, text: str, failed: bool = False) -> None:
        """The model calls a tool and gets this back."""
        self.calls += 1
        name = f"call_{self.who}{self.prompt[:3]}{self.calls:020}"
        if self.wire == "anthropic":
            use = {"type": "tool_use", "id": name, "name": "Bash", "input": {"command": "ls"}}
            back = {"type": "tool_result", "tool_use_id": name, "content": text}
            back["is_error"] = failed  # type: ignore[assignment]
            self.said.append({"role": "assistant", "content": [use]})
            self.said.append({"role": "user", "content": [back]})
        elif self.wire == "openai_chat":
            call = {"id": name, "type": "function", "function": {"name": "sh", "arguments": "{}"}}
            self.said.append({"role": "assistant", "content": None, "tool_calls": [call]})
            self.said.append({"role": "tool", "tool_call_id": name, "content": text})
        elif self.wire == "gemini":
            call = {"functionCall": {"name": "sh", "args": {"call": name}}}
            back = {"functionResponse": {"name": "sh", "response": {"output": text}}}
            self.said.append({"role": "model", "parts": [call]})
            self.said.append({"role": "user", "parts": [back]})
        else:
            call = {"type": "function_call", "call_id": name, "name": "sh", "arguments": "{}"}
            code = f"Process exited with code {int(failed)}\nOutput:\n" if failed else ""
            out = {"type": "function_call_output", "call_id": name, "output": code + text}
            self.said += [call, out]

    def body(self) -> bytes:
        """The next request."""
        return json.dumps(self._whole()).encode()

    def _whole(self) -> dict[str, Any]:
        tool = {"name": "Bash", "input_schema": {}, "functionDeclarations": [{"name": "sh"}]}
        tools = {"tools": [tool]} if self.tools else {}
        whole: dict[str, Any] = {"model": self.model, **tools, **self.more}
        if self.wire == "anthropic":
            text = {"type": "text", "text": "You are an agent.", "cache_control": _MARK}
            if self.session:
                whole["metadata"] = {"user_id": f"user_session_{self.session}"}
            return {"system": [text], **whole, "messages": self.said}
        if self.wire == "gemini":
            return {**whole, "contents": self.said}
        if self.session:
            whole["prompt_cache_key"] = self.session
        return {**whole, "input" if self.wire == "openai_responses" else "messages": self.said}

    def send(self, to: Pipeline, output: int = 5) -> Shortened:
        """One exchange."""
        found = to.shorten(*PLACES[self.wire], self.body())
        to.settle(found.record, Usage(10, 0, 90, 0, output), self.model, 200)
        return found


def steered(found: Shortened) -> int:
    """How many times the sentence is in what was forwarded."""
    return found.body.count(SENTENCE.encode())


def _item(role: str, text: str) -> dict[str, Any]:
    part = {"type": "input_text", "text": text}
    return {"type": "message", "role": role, "content": [part]}
