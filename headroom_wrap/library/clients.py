"""Real SDK clients whose requests are shortened on their way out, streamed answers included."""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeVar

from headroom_wrap import config as settings
from headroom_wrap.config import Config
from headroom_wrap.errors import ConfigError
from headroom_wrap.library import engine
from headroom_wrap.pipeline import Pipeline, Record, Situation
from headroom_wrap.proxy.fail_open import fail_open
from headroom_wrap.proxy.tee import Tee
from headroom_wrap.wire.usage import billed

Client = TypeVar("Client")
_log = logging.getLogger(__name__)
_RECORD = "headroom"
# A signature over the body would no longer be true.
_SIGNED = "aws4-hmac"


def wrap_client(client: Client, *, config: Config | None = None) -> Client:
    """The same client, from now on shortening the tool results it sends.

    For the clients of `openai`, `anthropic` and `google-genai`, sync and async, and for every
    other that holds an httpx client. What fails on our side is sent as it was.
    """
    chosen = config or settings.load()
    transports = [found for name in _HOLDERS if (found := _held(client, name)) is not None]
    if not transports:
        raise ConfigError(
            f"{type(client).__module__}.{type(client).__name__} holds no httpx client",
            "shorten its messages with headroom.compress instead",
        )
    if chosen.off:
        return client
    store = engine.opened(chosen).store
    pipeline = Pipeline(store, engine.judge(chosen), Situation(agent="sdk", observe=chosen.observe))
    for http in transports:
        _hook(http, Hooks(pipeline, http))
    return client


_HOLDERS = (
    "_client",
    "_api_client._httpx_client",
    "_api_client._async_httpx_client",
)


def _held(client: object, path: str) -> Any:
    found: Any = client
    for name in path.split("."):
        found = getattr(found, name, None)
    return found if hasattr(found, "event_hooks") else None


def _hook(http: Any, hooks: Hooks) -> None:
    before = http.event_hooks
    if any(isinstance(getattr(hook, "__self__", None), Hooks) for hook in before["request"]):
        return
    waits = hasattr(http, "aclose")
    http.event_hooks = {
        "request": [*before["request"], hooks.asend if waits else hooks.send],
        "response": [*before["response"], hooks.areceive if waits else hooks.receive],
    }


class Hooks:
    """What happens to each request and each answer of one httpx client."""

    def __init__(self, pipeline: Pipeline, http: Any) -> None:
        self._pipeline = pipeline
        self._httpx = _module(http)

    def send(self, request: Any) -> None:
        body = _body(request)
        with fail_open("a request is sent as it is"):
            if body:
                self._put(request, self._pipeline.shorten(request.url.host, request.url.path, body))

    async def asend(self, request: Any) -> None:
        body, url = _body(request), request.url
        with fail_open("a request is sent as it is"):
            if body:
                found = await asyncio.to_thread(self._pipeline.shorten, url.host, url.path, body)
                self._put(request, found)

    def _put(self, request: Any, found: Any) -> None:
        request.extensions[_RECORD] = found.record
        if found.changed:
            request.headers["content-length"] = str(len(found.body))
            request.stream = self._httpx.ByteStream(found.body)

    def receive(self, response: Any) -> None:
        record = response.request.extensions.pop(_RECORD, None)
        if record is not None:
            response.stream = _tee(self._httpx, response, self._pipeline, record)

    async def areceive(self, response: Any) -> None:
        self.receive(response)


def _module(http: Any) -> Any:
    """The httpx, or the successor of it, that a client is made with."""
    names = (each.__module__.partition(".")[0] for each in type(http).__mro__)
    name = next((name for name in names if name.startswith("httpx")), "httpx")
    return sys.modules.get(name) or importlib.import_module(name)


def _body(request: Any) -> bytes:
    if request.method != "POST" or "content-encoding" in request.headers:
        return b""
    if request.headers.get("authorization", "").lower().startswith(_SIGNED):
        return b""
    # Only a body that is known already: an upload in progress is nobody's conversation.
    found = getattr(request, "_content", None)
    return found if isinstance(found, bytes) else b""


def _tee(httpx: Any, response: Any, pipeline: Pipeline, record: Record) -> Any:
    """The answer's stream, read along for what was billed."""
    inner = response.stream
    tee = Tee()

    def settle() -> None:
        with fail_open("an exchange is missing in the ledger"):
            answer = tee.content(response.headers.get("content-encoding", ""))
            pipeline.settle(record, *billed(answer), response.status_code)

    class Stream(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc]
        def __iter__(self) -> Iterator[bytes]:
            yield from map(tee, inner)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in inner:
                yield tee(piece)

        def close(self) -> None:
            try:
                inner.close()
            finally:
                settle()

        async def aclose(self) -> None:
            try:
                await inner.aclose()
            finally:
                await asyncio.to_thread(settle)

    return Stream()
