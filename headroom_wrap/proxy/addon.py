"""Our part of every HTTP exchange: the body through the pipeline, the answer through a tee."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headroom_wrap.proxy.fail_open import fail_open
from headroom_wrap.proxy.nested import COUNTED
from headroom_wrap.proxy.plan import LARGEST, REFUSALS, Plan
from headroom_wrap.proxy.tee import Tee
from headroom_wrap.proxy.unreachable import UNREACHABLE
from headroom_wrap.wire.usage import billed

if TYPE_CHECKING:
    from mitmproxy.http import Headers, HTTPFlow, Response

    from headroom_wrap.pipeline import Record
    from headroom_wrap.proxy._api import Pipeline

_log = logging.getLogger(__name__)
OURS = "headroom"
_RETRY = "headroom-retry"


@dataclass(slots=True)
class Exchange:
    """What we know of one request: where it was meant to go, and what was done to it."""

    host: str
    path: str
    counted: bool = False
    """By a session inside this one, which shortens it, too."""
    record: Record | None = None
    original: bytes | None = None
    """The body as it came, where another one was sent."""
    tee: Tee = field(default_factory=Tee)

    @property
    def endpoint(self) -> str:
        return self.host + self.path.partition("?")[0]


class Addon:
    """Every hook lets the exchange go on as it is when anything of ours fails."""

    def __init__(self, plan: Plan, pipeline: Pipeline) -> None:
        self._plan = plan
        self._pipeline = pipeline
        self._settling: set[asyncio.Future[None]] = set()

    def requestheaders(self, flow: HTTPFlow) -> None:
        request = flow.request
        if _RETRY in flow.metadata or not self._plan.decrypts(request.pretty_host):
            return
        if flow.response is not None:
            # Turned away.
            return
        counted = COUNTED in flow.metadata
        flow.metadata[OURS] = Exchange(request.pretty_host, request.path, counted)
        if _too_large(request.headers):
            request.stream = True
        _redirect(flow, self._plan)

    async def request(self, flow: HTTPFlow) -> None:
        exchange = flow.metadata.get(OURS)
        if exchange is None or exchange.counted:
            return
        if flow.request.stream or flow.request.method != "POST":
            return
        with fail_open("a request is sent as it is"):
            await self._shorten(flow, exchange)

    async def _shorten(self, flow: HTTPFlow, exchange: Exchange) -> None:
        request = flow.request
        # On the loop: mitmproxy's decoder keeps a cache that threads would mix up.
        body = request.get_content(strict=False)
        if not body:
            return
        found = await asyncio.to_thread(self._pipeline.shorten, exchange.host, exchange.path, body)
        exchange.record = found.record
        if found.changed:
            exchange.original = request.raw_content
            request.content = found.body

    def responseheaders(self, flow: HTTPFlow) -> None:
        exchange = flow.metadata.get(OURS)
        response = flow.response
        if exchange is None or response is None or response.status_code == 101:
            return
        if not _refused(flow, exchange):
            # The answer is passed on chunk by chunk in any case, read or not.
            response.stream = exchange.tee if exchange.record is not None else True

    async def response(self, flow: HTTPFlow) -> None:
        exchange = flow.metadata.get(OURS)
        if exchange is None:
            return
        refused, record = _refused(flow, exchange), exchange.record
        self._settle(flow)
        if refused:
            with fail_open("a refusal is passed on as it is"):
                await self._send_original(flow, exchange, record)

    async def _send_original(
        self, flow: HTTPFlow, exchange: Exchange, record: Record | None
    ) -> None:
        """Ask again with the body as it came: if that works, it was us."""
        from headroom_wrap.proxy.embedded import replay

        again = flow.copy()
        again.metadata = {_RETRY: True}
        again.is_replay = "request"
        again.response, again.error = None, None
        again.request.raw_content = exchange.original
        again.request.headers["content-length"] = str(len(exchange.original or b""))
        await replay(again)
        if again.response is None:
            return
        flow.response = again.response
        if again.response.status_code < 400:
            await asyncio.to_thread(self._pipeline.refused, exchange.endpoint, record)

    def error(self, flow: HTTPFlow) -> None:
        self._settle(flow)

    async def done(self) -> None:
        """The proxy stops: what has ended is accounted for first."""
        await asyncio.gather(*self._settling)

    def _settle(self, flow: HTTPFlow) -> None:
        exchange = flow.metadata.get(OURS)
        if exchange is None or exchange.record is None:
            return
        record, exchange.record = exchange.record, None
        # Aside: the agent would wait for the end of its answer until a hook has returned.
        task = asyncio.ensure_future(self._account(record, exchange.tee, flow.response))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _account(self, record: Record, tee: Tee, response: Response | None) -> None:
        # Without an answer nothing was saved by it either.
        status, coding = UNREACHABLE, ""
        if response is not None:
            status = response.status_code
            coding = response.headers.get("content-encoding", "")
        with fail_open("an exchange is missing in the ledger"):
            await asyncio.to_thread(self._read, record, tee, coding, status)

    def _read(self, record: Record, tee: Tee, coding: str, status: int) -> None:
        self._pipeline.settle(record, *billed(tee.content(coding)), status)


def _refused(flow: HTTPFlow, exchange: Exchange) -> bool:
    status = flow.response.status_code if flow.response is not None else 0
    return exchange.original is not None and status in REFUSALS


def _too_large(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isdigit() and int(length) > LARGEST


def _redirect(flow: HTTPFlow, plan: Plan) -> None:
    request = flow.request
    found = plan.upstream.get(request.pretty_host.lower())
    if found is not None:
        request.scheme, request.host, request.port = found.scheme, found.host, found.port
        request.path = found.path(request.path)
    if plan.corporate is not None and not plan.corporate.applies(request.host):
        flow.server_conn.via = None
