"""`--retrieve inject`, as the official clients see it: an answer, and no tool of ours."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from headroom_wrap.gateway.inject.hidden import Hidden
from headroom_wrap.gateway.inject.tool import NAME
from headroom_wrap.store import Store
from tests.gateway.running import Gateway, gateway
from tests.pipeline.talk import log

anthropic = pytest.importorskip("anthropic")
openai = pytest.importorskip("openai")

ASK = json.dumps({"hash": "@hash", "lines": "1-3"})
PLAIN = f"go [[S: bash journalctl | mcp {NAME} {ASK} | text all done]]"
GET = f"mcp {NAME} {ASK}"
TWICE = f"go [[S: bash journalctl | {GET} ;; {GET} | {GET} | text all done]]"
MIXED = f"go [[S: bash journalctl | mcp {NAME} {ASK} ;; bash ls | text all done]]"
FOREIGN = f'go [[S: bash journalctl | mcp {NAME} {{"hash": "0123456789abcdef"}} | text all done]]'
ENDLESS = f"go [[S: bash journalctl | {' | '.join([f'mcp {NAME} {ASK}'] * 6)} | text all done]]"
SCRIPTS = pytest.mark.parametrize("prompt", [PLAIN, TWICE, MIXED, FOREIGN])
STREAMS = pytest.mark.parametrize("streams", [True, False])


@pytest.fixture
def proxy(tmp_path) -> Iterator[Gateway]:
    with gateway(tmp_path, "--retrieve", "inject") as found:
        yield found


def upstream(proxy: Gateway, key: str) -> list[list[Any]]:
    """The messages of every request that reached the model, cache marks aside."""
    bodies = [json.loads(seen.body) for seen in proxy.seen() if seen.model_call]
    return [body[key] for body in bodies]


def grows(requests: list[list[Any]]) -> bool:
    return all(b[: len(a)] == a for a, b in itertools.pairwise(requests))


def told(proxy: Gateway, key: str) -> str:
    return json.dumps(upstream(proxy, key)[-1])


def held(proxy: Gateway, client: Any, key: str, prompt: str) -> str:
    """Two turns of a client hold what we promise; returns the last request's conversation."""
    assert client.ask(prompt) == "all done"
    assert client.ask("more [[S: text second]]") == "second"
    assert NAME not in client.calls
    assert grows(upstream(proxy, key))
    whole = told(proxy, key)
    if prompt is FOREIGN:
        assert "no marker of ours names it" in whole
    else:
        assert "handled request 2 in 2 ms" in whole
    return whole


class Claude:
    """A tool loop on the Anthropic client."""

    def __init__(self, proxy: Gateway, streams: bool) -> None:
        self.client = anthropic.Anthropic(base_url=proxy.url, api_key="sk-ant-fake", max_retries=0)
        self.streams = streams
        self.messages: list[Any] = []
        self.calls: list[str] = []

    def ask(self, prompt: str) -> str:
        self.messages.append({"role": "user", "content": prompt})
        while True:
            answer = self._create()
            content = [block.model_dump(exclude_none=True) for block in answer.content]
            self.messages.append({"role": "assistant", "content": content})
            uses = [block for block in answer.content if block.type == "tool_use"]
            self.calls += [use.name for use in uses]
            if answer.stop_reason != "tool_use":
                return "".join(block.text for block in answer.content if block.type == "text")
            back = [
                {"type": "tool_result", "tool_use_id": use.id, "content": log(300)} for use in uses
            ]
            self.messages.append({"role": "user", "content": back})

    def _create(self) -> Any:
        tool = {"name": "bash", "description": "Run", "input_schema": {"type": "object"}}
        given: Any = {"model": "claude-opus-4-8", "max_tokens": 500, "tools": [tool]}
        given["messages"] = self.messages
        if not self.streams:
            return self.client.messages.create(**given)
        with self.client.messages.stream(**given) as stream:
            return stream.get_final_message()


@SCRIPTS
@STREAMS
def test_anthropic(proxy, prompt, streams, request):
    claude = Claude(proxy, streams)
    request.addfinalizer(claude.client.close)
    whole = held(proxy, claude, "messages", prompt)
    assert whole.count("tool_use_id") >= 2


class Gpt:
    """The same on OpenAI's Chat Completions."""

    def __init__(self, proxy: Gateway, streams: bool) -> None:
        url = f"{proxy.url}/v1"
        self.client = openai.OpenAI(base_url=url, api_key="sk-fake", max_retries=0)
        self.streams = streams
        self.messages: list[Any] = []
        self.calls: list[str] = []

    def ask(self, prompt: str) -> str:
        self.messages.append({"role": "user", "content": prompt})
        while True:
            message = self._create()
            self.messages.append(message)
            calls = message.get("tool_calls") or []
            self.calls += [call["function"]["name"] for call in calls]
            if not calls:
                return str(message["content"])
            for call in calls:
                back = {"role": "tool", "tool_call_id": call["id"], "content": log(300)}
                self.messages.append(back)

    def _create(self) -> dict[str, Any]:
        function = {"name": "bash", "parameters": {"type": "object"}}
        given: Any = {"model": "gpt-5.5", "tools": [{"type": "function", "function": function}]}
        given["messages"] = self.messages
        if not self.streams:
            choice = self.client.chat.completions.create(**given).choices[0]
        else:
            with self.client.chat.completions.stream(**given) as stream:
                choice = stream.get_final_completion().choices[0]
        message = choice.message.model_dump(exclude_none=True)
        calls = [
            {
                "id": call["id"],
                "type": "function",
                "function": {key: call["function"][key] for key in ("name", "arguments")},
            }
            for call in message.get("tool_calls") or []
        ]
        found = {"role": "assistant", "content": message.get("content")}
        return {**found, "tool_calls": calls} if calls else found


@SCRIPTS
@STREAMS
def test_openai_chat(proxy, prompt, streams, request):
    gpt = Gpt(proxy, streams)
    request.addfinalizer(gpt.client.close)
    held(proxy, gpt, "messages", prompt)


class Responder:
    """The same on OpenAI's Responses."""

    def __init__(self, proxy: Gateway, streams: bool) -> None:
        url = f"{proxy.url}/v1"
        self.client = openai.OpenAI(base_url=url, api_key="sk-fake", max_retries=0)
        self.streams = streams
        self.items: list[Any] = []
        self.calls: list[str] = []

    def ask(self, prompt: str) -> str:
        content = [{"type": "input_text", "text": prompt}]
        self.items.append({"type": "message", "role": "user", "content": content})
        while True:
            response = self._create()
            items = [item.model_dump(exclude_none=True) for item in response.output]
            self.items += items
            calls = [item for item in items if item["type"] == "function_call"]
            self.calls += [call["name"] for call in calls]
            if not calls:
                return str(response.output_text)
            for call in calls:
                back = {"type": "function_call_output", "call_id": call["call_id"]}
                self.items.append({**back, "output": log(300)})

    def _create(self) -> Any:
        tool = {"type": "function", "name": "bash", "parameters": {"type": "object"}}
        given: Any = {"model": "gpt-5.5", "tools": [{**tool, "strict": False}]}
        given["input"] = self.items
        if not self.streams:
            return self.client.responses.create(**given)
        with self.client.responses.stream(**given) as stream:
            for _ in stream:
                pass
            return stream.get_final_response()


@SCRIPTS
@STREAMS
def test_openai_responses(proxy, prompt, streams, request):
    gpt = Responder(proxy, streams)
    request.addfinalizer(gpt.client.close)
    held(proxy, gpt, "input", prompt)


def test_a_model_that_never_stops_is_told_to(proxy, request):
    claude = Claude(proxy, streams=True)
    request.addfinalizer(claude.client.close)
    claude.ask(ENDLESS)
    assert "No more originals in this turn" in told(proxy, "messages")
    assert claude.ask("more [[S: text second]]") == "second"
    assert len(upstream(proxy, "messages")) < 10


def test_a_store_that_fails_does_not_break_an_answer_off(tmp_path) -> None:
    store = Store(tmp_path / "store")
    store.close()
    Hidden(store, "anthropic").keep([["text", "all done"]], {"messages": [], "extra": []})
