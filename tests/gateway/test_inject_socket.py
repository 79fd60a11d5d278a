"""`--retrieve inject` on a WebSocket of the Responses API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from tests.gateway.running import Gateway, gateway
from tests.gateway.test_inject import FOREIGN, MIXED, NAME, PLAIN, TWICE
from tests.pipeline.talk import log


@pytest.fixture
def proxy(tmp_path) -> Iterator[Gateway]:
    with gateway(tmp_path, "--retrieve", "inject") as found:
        yield found


async def loop(url: str, prompts: list[str]) -> tuple[list[str], list[str]]:
    """A client that answers every call it sees; its texts, and the names of the calls."""
    texts: list[str] = []
    calls: list[str] = []
    headers = {"authorization": "Bearer sk-fake", "openai-beta": "responses_websockets=2026-02-06"}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{url}/v1/responses", headers=headers) as socket,
    ):
        last = None
        for prompt in prompts:
            content = [{"type": "input_text", "text": prompt}]
            given: list[Any] = [{"type": "message", "role": "user", "content": content}]
            while given:
                await socket.send_str(json.dumps(_create(given, last)))
                response = await _response(socket)
                last, given = response["id"], []
                for item in response["output"]:
                    if item["type"] == "function_call":
                        calls.append(item["name"])
                        back = {"type": "function_call_output", "call_id": item["call_id"]}
                        given.append({**back, "output": log(300)})
                    elif item["type"] == "message":
                        texts += [part["text"] for part in item["content"]]
    return texts, calls


def _create(given: list[Any], last: str | None) -> dict[str, Any]:
    tool = {"type": "function", "name": "bash", "parameters": {"type": "object"}}
    found = {"type": "response.create", "model": "gpt-5.5", "tools": [tool], "input": given}
    return {**found, "previous_response_id": last} if last else found


async def _response(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    indexes: list[int] = []
    async for message in socket:
        event = json.loads(message.data)
        assert event["type"] != "error", event
        assert event.get("item", {}).get("name") != NAME
        if event["type"] == "response.output_item.added":
            indexes.append(event["output_index"])
        if event["type"] == "response.completed":
            assert indexes == list(range(len(event["response"]["output"])))
            found: dict[str, Any] = event["response"]
            return found
    raise AssertionError("the socket was closed")


@pytest.mark.parametrize("prompt", [PLAIN, TWICE, MIXED, FOREIGN])
def test_the_client_sees_an_answer_and_no_tool_of_ours(proxy, prompt):
    texts, calls = asyncio.run(loop(proxy.url, [prompt, "more [[S: text second]]"]))
    assert texts == ["all done", "second"]
    assert NAME not in calls
    arrived = "".join(seen.body.decode() for seen in proxy.seen())
    if prompt is FOREIGN:
        assert "no marker of ours names it" in arrived
    else:
        assert "handled request 2 in 2 ms" in arrived
