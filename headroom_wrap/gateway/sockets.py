"""A WebSocket of the Responses API: the client's messages through the pipeline, both ways."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import aiohttp
from aiohttp import WSMsgType, web
from multidict import CIMultiDict
from yarl import URL

from headroom_wrap.gateway.forward import Forward, passed_on, unreachable
from headroom_wrap.gateway.inject.socket import Socket
from headroom_wrap.gateway.routes import Route
from headroom_wrap.ledger import continued
from headroom_wrap.pipeline import Conversation, Record
from headroom_wrap.proxy.fail_open import fail_open
from headroom_wrap.wire.usage import ends

_LARGEST = 256 << 20


async def handle(forward: Forward, request: web.Request) -> web.StreamResponse:
    """Connects to the provider first: what it refuses is refused in its own words."""
    route = forward.routes.find(request.raw_path, request.headers)
    offered = [
        name.strip() for name in request.headers.get("sec-websocket-protocol", "").split(",")
    ]
    protocols = tuple(name for name in offered if name)
    try:
        server = await forward.client.ws_connect(
            URL(route.url, encoded=True),
            headers=_headers(request),
            protocols=protocols,
            max_msg_size=_LARGEST,
            compress=15,
            autoping=True,
            **forward.way(route),
        )
    except aiohttp.WSServerHandshakeError as refusal:
        headers = passed_on(refusal.headers or CIMultiDict())
        headers.popall("content-type", None)
        return web.Response(status=refusal.status, reason=refusal.message, headers=headers)
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as problem:
        return unreachable(route, problem)
    taken = (server.protocol,) if server.protocol else ()
    client = web.WebSocketResponse(max_msg_size=_LARGEST, protocols=taken)
    await client.prepare(request)
    talk = _Talk(forward, route, forward.pipeline.conversation())
    await talk.relay(client, server)
    return client


def _headers(request: web.Request) -> CIMultiDict[str]:
    found = passed_on(request.headers)
    for name in [name for name in found if name.lower().startswith("sec-websocket-")]:
        found.popall(name, None)
    return found


class _Talk:
    """One socket and the requests on it that have no answer yet."""

    def __init__(self, forward: Forward, route: Route, conversation: Conversation) -> None:
        self._forward = forward
        self._route = route
        self._conversation = conversation
        self._waiting: list[Record] = []
        self._inject = Socket(forward.inject) if forward.inject else None

    async def relay(
        self, client: web.WebSocketResponse, server: aiohttp.ClientWebSocketResponse[bool]
    ) -> None:
        up = asyncio.ensure_future(self._up(client, server))
        down = asyncio.ensure_future(self._down(server, client))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            code = server.close_code if client.close_code is None else client.close_code
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                await server.close(code=code if code and code != 1006 else 1000)
                await client.close(code=code if code and code != 1006 else 1011)
            for record in self._waiting:
                self._forward.account(record, bytes, 0)

    async def _up(
        self, client: web.WebSocketResponse, server: aiohttp.ClientWebSocketResponse[bool]
    ) -> None:
        async for message in client:
            if message.type is WSMsgType.TEXT:
                await server.send_str(await self._shortened(message.data))
            elif message.type is WSMsgType.BINARY:
                await server.send_bytes(message.data)

    async def _down(
        self, server: aiohttp.ClientWebSocketResponse[bool], client: web.WebSocketResponse
    ) -> None:
        async for message in server:
            if message.type is WSMsgType.TEXT:
                content = message.data.encode("utf-8", "surrogatepass")
                # Before the client can answer: its next message leans on it.
                self._conversation.learn(content)
                if self._inject is None:
                    await client.send_str(message.data)
                else:
                    await self._injected(self._inject, content, server, client)
                self._end(content)
            elif message.type is WSMsgType.BINARY:
                await client.send_bytes(message.data)

    async def _injected(
        self,
        inject: Socket,
        content: bytes,
        server: aiohttp.ClientWebSocketResponse[bool],
        client: web.WebSocketResponse,
    ) -> None:
        """A server's message as far as the client is to see it; our own calls are answered."""
        given: bytes | None = content
        more: bytes | None = None
        with fail_open("a message is passed on as it is"):
            given, more = await inject.down(content)
        if more is not None:
            if self._waiting:
                row = continued(self._waiting[0].row)
                self._waiting.append(replace(self._waiting[0], row=row))
            await server.send_str(more.decode("utf-8", "surrogatepass"))
        if given is not None:
            await client.send_str(given.decode("utf-8", "surrogatepass"))

    async def _shortened(self, text: str) -> str:
        with fail_open("a message is sent as it is"):
            content = text.encode("utf-8", "surrogatepass")
            given = self._inject.declared(content) if self._inject else content
            found = await asyncio.to_thread(
                self._conversation.shorten_message, self._route.host, self._route.path, given
            )
            if self._inject:
                self._inject.sent(found.body, found.record.named if found.record else ())
            self._forward.metrics.judged(found.record)
            if found.record is not None:
                self._waiting.append(found.record)
            return found.body.decode() if found.changed or given is not content else text
        return text

    def _end(self, content: bytes) -> None:
        if self._waiting and ends(content):
            self._forward.account(self._waiting.pop(0), lambda: content, 200)
