"""ASGI: a middleware for an app that is itself a gateway to models."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from headroom_wrap import config
from headroom_wrap.library import engine
from headroom_wrap.library.engine import Wish
from headroom_wrap.proxy.fail_open import fail_open

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_LARGE = 64 << 20


class HeadroomASGI:
    """`app = HeadroomASGI(app)`: bodies that carry tool results arrive shortened."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._config = config.load()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or self._config.off:
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"")
        if b"content-encoding" in headers or not length.isdigit() or int(length) > _LARGE:
            return await self._app(scope, receive, send)
        body, last = await _read(receive)
        if last is not None:
            return None
        sent = await asyncio.to_thread(self._shortened, scope["path"], body)
        spelled = [(k, v) for k, v in scope["headers"] if k.lower() != b"content-length"]
        spelled.append((b"content-length", str(len(sent)).encode()))
        return await self._app({**scope, "headers": spelled}, _replay(sent, receive), send)

    def _shortened(self, path: str, body: bytes) -> bytes:
        with fail_open("a request is passed on as it is"):
            on = engine.opened(self._config)
            wanted = engine.judge(self._config)
            return on.shorten(path, body, Wish(wanted.level, markers=wanted.markers)).body
        return body


async def _read(receive: Receive) -> tuple[bytes, Message | None]:
    """The whole body, or the message with which the client left."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"", message
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces), None


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message
