"""Our part of every WebSocket: client messages through the pipeline, the server's to its memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headroom_wrap.proxy.addon import OURS
from headroom_wrap.proxy.fail_open import fail_open
from headroom_wrap.proxy.unreachable import UNREACHABLE
from headroom_wrap.wire.usage import billed, ends

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow
    from mitmproxy.websocket import WebSocketMessage

    from headroom_wrap.pipeline import Conversation, Record
    from headroom_wrap.proxy._api import Pipeline

_TALK = "headroom-talk"


@dataclass(slots=True)
class Talk:
    """One socket: where it leads, what was said on it, and the requests without an answer."""

    host: str
    path: str
    conversation: Conversation
    waiting: list[Record] = field(default_factory=list)


class Sockets:
    """A message is passed on as it came when anything of ours fails."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def websocket_start(self, flow: HTTPFlow) -> None:
        exchange = flow.metadata.get(OURS)
        if exchange is None or exchange.counted:
            return
        talk = Talk(exchange.host, exchange.path, self._pipeline.conversation())
        flow.metadata[_TALK] = talk

    async def websocket_message(self, flow: HTTPFlow) -> None:
        if flow.websocket is None or _TALK not in flow.metadata:
            return
        message = flow.websocket.messages[-1]
        # mitmproxy keeps them all.
        flow.websocket.messages[:] = [message]
        with fail_open("a message is sent as it is"):
            if message.from_client:
                await self._shorten(flow.metadata[_TALK], message)
            else:
                await self._learn(flow.metadata[_TALK], message.content)

    async def websocket_end(self, flow: HTTPFlow) -> None:
        talk = flow.metadata.pop(_TALK, None)
        for record in talk.waiting if talk else ():
            await asyncio.to_thread(self._pipeline.settle, record, None, "", UNREACHABLE)

    async def _shorten(self, talk: Talk, message: WebSocketMessage) -> None:
        found = await asyncio.to_thread(
            talk.conversation.shorten_message, talk.host, talk.path, message.content
        )
        if found.record is not None:
            talk.waiting.append(found.record)
        if found.changed:
            message.content = found.body

    async def _learn(self, talk: Talk, content: bytes) -> None:
        talk.conversation.learn(content)
        if talk.waiting and ends(content):
            await asyncio.to_thread(self._settle, talk.waiting.pop(0), content)

    def _settle(self, record: Record, content: bytes) -> None:
        self._pipeline.settle(record, *billed(content), 200)
