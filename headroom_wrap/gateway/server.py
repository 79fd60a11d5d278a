"""The gateway from start to drained end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.http import SERVER_SOFTWARE

from headroom_wrap.config import Config
from headroom_wrap.errors import ConfigError, ProxyError
from headroom_wrap.gateway import sockets
from headroom_wrap.gateway.api import ENDPOINTS, PRIVATE, Api
from headroom_wrap.gateway.forward import Forward
from headroom_wrap.gateway.guard import Guard, loopback
from headroom_wrap.gateway.inject import Inject
from headroom_wrap.gateway.metrics import Metrics
from headroom_wrap.gateway.rooms import Idle, Room, Rooms
from headroom_wrap.gateway.routes import Routes
from headroom_wrap.pipeline import Pipeline
from headroom_wrap.proxy import turns
from headroom_wrap.proxy.plan import Corporate
from headroom_wrap.team.audit import Audit
from headroom_wrap.team.tenants import Who

_log = logging.getLogger(__name__)
_CONNECT = 30.0
_HEAD = 64 << 10
_NOBODY = "whose this is cannot be told: send the key that you send to the provider"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Setup:
    """Where the gateway listens, and what it is made of. `drain` is how long open answers may go
    on after the end was asked for, in seconds."""

    config: Config
    pipeline: Pipeline
    routes: Routes
    trust: Path
    host: str = "127.0.0.1"
    port: int = 8787
    token: str = ""
    drain: float = 30.0
    corporate: Corporate | None = None
    inject: Inject | None = None
    align: bool = False
    move: bool = False
    """Whether volatile lines of system prompts go behind the prompt; only with `align`."""
    ready: Callable[[int], None] = field(default=lambda port: None)
    who: Who | None = None
    """What tells tenants apart, where there are several; `of` is the setup of each."""
    of: Callable[[str], Setup] = field(default=lambda name: NotImplemented)
    audit: Audit = field(default_factory=Audit)
    watch: Callable[[Metrics], Callable[[], None]] = field(default=lambda metrics: lambda: None)
    """Starts to send figures elsewhere; returns what ends it."""
    until: Callable[[], object] | None = None
    """What else ends it by returning; called in a thread of its own."""


def run(setup: Setup) -> None:
    """Serve until SIGTERM or SIGINT, then let open answers end; a second signal ends them."""
    if not loopback(setup.host) and not setup.token:
        raise ConfigError(
            f"{setup.host} can be reached from other machines, and there is no token",
            "set HEADROOM_TOKEN to a long random word, or listen on 127.0.0.1",
        )
    listener = _listener(setup)
    turns.shorten()
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_serve(setup, listener))


def _listener(setup: Setup) -> socket.socket:
    family = socket.AF_INET6 if ":" in setup.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((setup.host, setup.port))
    except OSError as problem:
        made.close()
        raise ProxyError(
            f"cannot listen on {setup.host}:{setup.port}: {problem.strerror or problem}",
            "is another one running? --port 0 takes any free port",
        ) from problem
    return made


async def _serve(setup: Setup, listener: socket.socket) -> None:
    turns.apart(asyncio.get_running_loop())
    stop = asyncio.Event()
    _on_signals(stop)
    if setup.until is not None:
        _on_return(setup.until, stop)
    context = ssl.create_default_context(cafile=str(setup.trust))
    async with client(context) as session:
        metrics = Metrics()
        metrics.there.set_function(lambda: not setup.pipeline.store.away)
        ended = setup.watch(metrics)

        def room(given: Setup) -> Room:
            fetched = metrics.fetched.labels("tool").inc
            inject = replace(given.inject, fetched=fetched) if given.inject else None
            forward = Forward(
                given.pipeline, given.routes, session, metrics, given.corporate, inject
            )
            forward.align, forward.move = given.align or given.move, given.move
            store, full = given.pipeline.store, given.pipeline.full
            api = Api(given.config, store, metrics, full, given.audit)
            return Room(forward, api, isinstance(given.pipeline, Idle))

        rooms = Rooms(room(setup), lambda name: room(setup.of(name)), setup.who)
        metrics.tenants.set_function(lambda: len(rooms))
        runner = web.AppRunner(
            app(rooms, Guard(setup.token)),
            # A client that is gone cancels its request, and so closes the provider's connection.
            handler_cancellation=True,
            # Bodies are passed on in the coding they came in.
            auto_decompress=False,
            access_log=None,
            shutdown_timeout=setup.drain,
            handle_signals=False,
            max_line_size=_HEAD,
            max_field_size=_HEAD,
        )
        await runner.setup()
        await web.SockSite(runner, listener, backlog=512).start()
        setup.ready(listener.getsockname()[1])
        await stop.wait()
        await runner.cleanup()
        await rooms.settled()
        await asyncio.to_thread(ended)


def client(context: ssl.SSLContext) -> aiohttp.ClientSession:
    """The session to the providers: it adds nothing, keeps no cookies and waits as clients do."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ssl=context),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("user-agent", "accept", "accept-encoding", "content-type"),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT),
        max_line_size=_HEAD,
        max_field_size=_HEAD,
        trust_env=False,
    )


def app(rooms: Rooms, guard: Guard) -> web.Application:
    """Our own endpoints, and everything else sent on."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        why = guard.refusal(request.headers)
        if why:
            error = {"type": "permission_error", "message": f"headroom: {why}"}
            return web.json_response({"type": "error", "error": error}, status=403)
        return await handler(request)

    def ours(name: str) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            room = await rooms.of(request)
            if room.empty and name in PRIVATE:
                error = {"type": "authentication_error", "message": f"headroom: {_NOBODY}"}
                return web.json_response({"type": "error", "error": error}, status=401)
            response: web.StreamResponse = await getattr(room.api, name)(request)
            return response

        return answer

    async def other(request: web.Request) -> web.StreamResponse:
        forward = (await rooms.of(request)).forward
        request = rooms.stripped(request)
        if request.headers.get("upgrade", "").lower() == "websocket":
            return await sockets.handle(forward, request)
        return await forward.handle(request)

    made = web.Application(middlewares=[guarded], client_max_size=1 << 30)
    made.on_response_prepare.append(_unsigned)
    for method, path, name in ENDPOINTS:
        made.router.add_route(method, path, ours(name))
    made.router.add_route("*", "/{path:.*}", other)
    return made


async def _unsigned(request: web.Request, response: web.StreamResponse) -> None:
    """An answer names the server that gave it, not the one that passed it on."""
    if response.headers.get("server") == SERVER_SOFTWARE:
        del response.headers["server"]


def _on_return(until: Callable[[], object], stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def wait() -> None:
        until()
        # The loop may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="until", daemon=True).start()


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def asked() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(number, asked)
