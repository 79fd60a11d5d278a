"""One HTTP exchange: the body through the pipeline, to the provider, the answer streamed back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from headroom_wrap import align
from headroom_wrap.coding import LARGE, decoded
from headroom_wrap.gateway.guard import TOKEN
from headroom_wrap.gateway.inject import Inject
from headroom_wrap.gateway.metrics import Metrics
from headroom_wrap.gateway.routes import Route, Routes
from headroom_wrap.ledger import continued
from headroom_wrap.pipeline import Pipeline, Record
from headroom_wrap.proxy.fail_open import fail_open
from headroom_wrap.proxy.plan import LARGEST, REFUSALS, Corporate
from headroom_wrap.proxy.tee import Tee
from headroom_wrap.proxy.unreachable import UNREACHABLE, told
from headroom_wrap.wire.usage import billed

_log = logging.getLogger(__name__)
_HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    "transfer-encoding upgrade host content-length expect".split()
)
# A signature over the body would no longer be true.
_SIGNED = "AWS4-HMAC"
_REPORTED = 100


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it leaves us; `original` is the body as it came where another one is sent."""

    method: str
    route: Route
    headers: CIMultiDict[str]
    body: bytes | AsyncIterator[bytes]
    original: bytes | None = None
    original_headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    record: Record | None = None


class Forward:
    """Sends requests on. With `inject` the model may fetch originals on the way."""

    def __init__(
        self,
        pipeline: Pipeline,
        routes: Routes,
        client: aiohttp.ClientSession,
        metrics: Metrics,
        corporate: Corporate | None = None,
        inject: Inject | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.routes = routes
        self.client = client
        self.metrics = metrics
        self._corporate = corporate
        self.inject = inject
        self.align = self.move = False
        """Whether to look after the provider's cache for clients that do not."""
        self._volatile: set[str] = set()
        self._settling: set[asyncio.Future[None]] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The whole exchange."""
        with self.metrics.open.track_inprogress():
            outgoing = await self.prepare(request)
            try:
                answer = await self.send(outgoing)
            except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as problem:
                self._settle(outgoing, Tee(), UNREACHABLE, "")
                return unreachable(outgoing.route, problem)
            except asyncio.CancelledError:
                # The client is gone; what was sent for it was sent all the same.
                self._settle(outgoing, Tee(), 0, "")
                raise
            return await self._pass_on(request, outgoing, answer)

    async def prepare(self, request: web.Request) -> Outgoing:
        """The request, its tool results shortened where that is possible."""
        route = self.routes.find(request.raw_path, request.headers)
        headers = passed_on(request.headers)
        outgoing = Outgoing(request.method, route, headers, b"")
        if (request.content_length or 0) > LARGEST:
            return replace(outgoing, body=request.content.iter_any())
        body = await request.read()
        outgoing = replace(outgoing, body=body)
        signed = request.headers.get("authorization", "").startswith(_SIGNED)
        if request.method != "POST" or not body or signed:
            return outgoing
        with fail_open("a request is sent as it is"):
            return await self._shortened(outgoing, body)
        return outgoing

    async def _shortened(self, outgoing: Outgoing, body: bytes) -> Outgoing:
        coding = outgoing.headers.get("content-encoding", "")
        plain = await asyncio.to_thread(decoded, body, coding) if coding else body
        if len(plain) >= LARGE and coding:
            return outgoing
        route = outgoing.route
        given = plain
        if self.align:
            given = await asyncio.to_thread(self._aligned, route, plain)
        if self.inject is not None:
            given = await asyncio.to_thread(self.inject.prepare, route.path, given)
        found = await asyncio.to_thread(self.pipeline.shorten, route.host, route.path, given)
        self.metrics.judged(found.record)
        if found.refused:
            return outgoing
        if not found.changed and given is plain:
            return replace(outgoing, record=found.record)
        headers = outgoing.headers.copy()
        headers.popall("content-encoding", None)
        if self.inject is not None:
            # What is read while it streams by must not be packed.
            headers["accept-encoding"] = "identity"
        return Outgoing(
            outgoing.method, route, headers, found.body, body, outgoing.headers, found.record
        )

    def _aligned(self, route: Route, body: bytes) -> bytes:
        path = route.path.partition("?")[0]
        if self.move:
            body = align.moved(path, body)
        found = align.aligned(route.host, path, body)
        if found is not body:
            system, new = align.volatile(body)
            if new and system not in self._volatile and len(self._volatile) < _REPORTED:
                self._volatile.add(system)
                # How many, not which: no log holds what was said.
                what = "a system prompt is new each time and ends what is cached (%d places)"
                _log.warning(f"{what}: --move-volatile puts them behind it", len(new))
        return found

    async def send(self, outgoing: Outgoing) -> aiohttp.ClientResponse:
        """The provider's answer, its head read; asked again in the original where it refuses."""
        answer = await self._send(outgoing, outgoing.headers, outgoing.body)
        if outgoing.original is None or answer.status not in REFUSALS:
            return answer
        answer.close()
        again = await self._send(outgoing, outgoing.original_headers, outgoing.original)
        if again.status < 400:
            endpoint = outgoing.route.host + outgoing.route.path.partition("?")[0]
            await asyncio.to_thread(self.pipeline.refused, endpoint, outgoing.record)
        return again

    async def _send(
        self, outgoing: Outgoing, headers: CIMultiDict[str], body: bytes | AsyncIterator[bytes]
    ) -> aiohttp.ClientResponse:
        return await self.client.request(
            outgoing.method,
            URL(outgoing.route.url, encoded=True),
            headers=headers,
            data=body or None,
            allow_redirects=False,
            **self.way(outgoing.route),
        )

    def way(self, route: Route) -> dict[str, Any]:
        """How the provider is reached: through the proxy that the user goes through already."""
        host = URL(route.url).host or ""
        if self._corporate is None or not self._corporate.applies(host):
            return {}
        name, _, password = self._corporate.credentials.partition(":")
        auth = aiohttp.BasicAuth(name, password) if name else None
        return {"proxy": self._corporate.url, "proxy_auth": auth}

    async def _pass_on(
        self, request: web.Request, outgoing: Outgoing, answer: aiohttp.ClientResponse
    ) -> web.StreamResponse:
        headers = passed_on(answer.headers)
        response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers)
        tee = Tee()
        stream = _teed(answer.content.iter_any(), tee)
        if self._injected(outgoing, answer):
            stream = self._answered(outgoing, stream)
        elif "content-length" in answer.headers:
            response.content_length = int(answer.headers["content-length"])
        try:
            await response.prepare(request)
            async for chunk in stream:
                await response.write(chunk)
            await response.write_eof()
        except (aiohttp.ClientError, ConnectionError) as problem:
            # Half an answer must not look like a whole one.
            kind = type(problem).__name__
            _log.warning("an answer of %s broke off: %s", outgoing.route.host, kind)
            if request.transport is not None:
                request.transport.abort()
        finally:
            answer.close()
            coding = answer.headers.get("content-encoding", "")
            self._settle(outgoing, tee, answer.status, coding)
        return response

    def _injected(self, outgoing: Outgoing, answer: aiohttp.ClientResponse) -> bool:
        sound = answer.status == 200 and "content-encoding" not in answer.headers
        return sound and self.inject is not None and outgoing.original is not None

    def _answered(self, outgoing: Outgoing, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The answer with our own calls answered by us."""
        body = outgoing.body
        if self.inject is None or not isinstance(body, bytes):
            return stream

        async def post(more: bytes) -> AsyncIterator[bytes]:
            return await self._continue(outgoing, more)

        named = outgoing.record.named if outgoing.record else frozenset()
        return self.inject.answer(outgoing.route.path, body, stream, post, named)

    async def _continue(self, outgoing: Outgoing, body: bytes) -> AsyncIterator[bytes]:
        """What the provider answers to a request that goes on where the last one ended."""
        answer = await self._send(outgoing, outgoing.headers, body)
        if answer.status != 200:
            with contextlib.closing(answer):
                return _once(failure(await answer.read()))
        record = outgoing.record and replace(outgoing.record, row=continued(outgoing.record.row))
        return self._accounted(answer, record)

    async def _accounted(
        self, answer: aiohttp.ClientResponse, record: Record | None
    ) -> AsyncIterator[bytes]:
        tee = Tee()
        try:
            async for chunk in _teed(answer.content.iter_any(), tee):
                yield chunk
        finally:
            answer.close()
            if record is not None:
                self.account(record, lambda: tee.content(""), answer.status)

    def _settle(self, outgoing: Outgoing, tee: Tee, status: int, coding: str) -> None:
        self.metrics.requests.labels(outgoing.route.host, str(status)).inc()
        if outgoing.record is not None:
            self.account(outgoing.record, lambda: tee.content(coding), status)

    def account(self, record: Record, content: Callable[[], bytes], status: int) -> None:
        """Puts what was billed into the ledger, aside: nobody waits for it, nobody cancels it."""
        task = asyncio.ensure_future(self._account(record, content, status))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _account(self, record: Record, content: Callable[[], bytes], status: int) -> None:
        with fail_open("an exchange is missing in the ledger"):
            await asyncio.to_thread(self._read, record, content, status)

    def _read(self, record: Record, content: Callable[[], bytes], status: int) -> None:
        self.pipeline.settle(record, *billed(content()), status)

    async def settled(self) -> None:
        """What has ended is accounted for."""
        await asyncio.gather(*self._settling)


def passed_on(headers: Any) -> CIMultiDict[str]:
    """Headers without those that are about one connection only."""
    named = {
        name.strip().lower()
        for value in headers.getall("connection", ())
        for name in value.split(",")
    }
    dropped = _HOP | named | {TOKEN}
    return CIMultiDict((key, value) for key, value in headers.items() if key.lower() not in dropped)


def unreachable(route: Route, problem: BaseException) -> web.Response:
    """What a client reads when the provider cannot be reached, in every SDK's terms."""
    what = f"headroom: cannot reach {URL(route.url).origin()}: {problem}"
    return web.json_response(told(what), status=UNREACHABLE)


async def _teed(stream: AsyncIterator[bytes], tee: Tee) -> AsyncIterator[bytes]:
    async for chunk in stream:
        tee(chunk)
        yield chunk


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def failure(body: bytes) -> bytes:
    """A refusal in the middle of an answer, as an event that every client takes for an error."""
    text = body.decode("utf-8", "replace").replace("\n", " ")
    return f"event: error\ndata: {text}\n\n".encode()
