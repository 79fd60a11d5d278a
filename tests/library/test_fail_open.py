"""What fails on our side leaves every text, request and body as it was."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from headroom import compress_text
from headroom_wrap import compressors
from headroom_wrap.adapters.asgi import HeadroomASGI, Message
from headroom_wrap.library.clients import Hooks
from tests.library import talk

BODY = json.dumps({"model": "gpt-5.5", "messages": talk.chat()}).encode()


def broken(*given: object, **more: object) -> Any:
    raise RuntimeError("a bug of ours")


class Broken:
    shorten = staticmethod(broken)


def test_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressors, "squeeze", broken)
    found = compress_text(talk.LOG, "kubectl logs api-0")
    assert (found.text, found.tokens_saved) == (talk.LOG, 0)


def test_a_request_of_a_wrapped_client() -> None:
    openai = pytest.importorskip("openai")
    with openai.OpenAI(api_key="sk-fake", base_url="http://model/v1") as client:
        hooks = Hooks(Broken(), client._client)  # type: ignore[arg-type]
        request = client._client.build_request("POST", "/chat/completions", content=BODY)
        hooks.send(request)
        asyncio.run(hooks.asend(request))
        assert request.read() == BODY


def test_a_body_that_passes_the_middleware(home: Path) -> None:
    arrived: list[bytes] = []
    sent: list[Message] = [{"type": "http.request", "body": BODY, "more_body": False}]

    async def app(scope: Message, receive: Any, send: Any) -> None:
        arrived.append((await receive())["body"])

    async def receive() -> Message:
        return sent.pop()

    (home / "data").write_text("no folder")
    length = (b"content-length", str(len(BODY)).encode())
    scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": [length]}
    asyncio.run(HeadroomASGI(app)(scope, receive, broken))
    assert arrived == [BODY]
