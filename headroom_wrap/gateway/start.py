"""Puts the gateway together out of settings, and the HTTPS proxy beside it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from headroom_wrap import kompress, paths, prices, profiles, python
from headroom_wrap.config import Config
from headroom_wrap.gateway import house, telemetry
from headroom_wrap.gateway.metrics import Metrics
from headroom_wrap.gateway.routes import CHATGPT, GEMINI, Routes
from headroom_wrap.gateway.server import Setup, run
from headroom_wrap.kompress import models
from headroom_wrap.pipeline import Pipeline
from headroom_wrap.pipeline.worker import Pool
from headroom_wrap.proxy import ca, trust
from headroom_wrap.proxy.plan import USER, Plan, corporate, target
from headroom_wrap.team.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asked for. `openai` is another base for requests of OpenAI's form."""

    config: Config
    environ: Mapping[str, str]
    host: str = "127.0.0.1"
    port: int = 8787
    openai: str = ""
    forward_port: int | None = None
    drain: float = 30.0
    quiet: bool = False
    until_eof: bool = False
    dashboard: bool = False
    inject: bool = False
    """Whether models may fetch originals by a tool of ours."""
    align: bool = False
    """Whether requests that leave the provider's cache to chance are put right."""
    move: bool = False
    """Whether what is new in a system prompt each time goes behind the prompt."""
    otel: bool = False
    """Whether figures are sent to an OpenTelemetry collector."""


def serve(order: Order) -> None:
    """Listen until told to stop."""
    config = order.config
    house.check(config, order.forward_port is not None)
    if order.otel:
        telemetry.check(order.environ)
    paths.private(config.paths.data)
    situation, upkeep = house.situation(config), Upkeep(config.paths.originals)
    models.choose(config)
    pool = Pool(kompress.used())
    built = house.House(config, situation, upkeep, order.inject, pool)
    pipeline = built.pipeline()
    prices.extend(config.paths.prices)
    token = order.environ.get("HEADROOM_TOKEN", "")
    folder = paths.private(config.paths.authority)
    trusted = trust.bundle(folder, [trust.system(), *trust.own(order.environ)])
    setup = Setup(
        config,
        pipeline,
        Routes(config.upstream, order.openai),
        trusted,
        order.host,
        order.port,
        token,
        order.drain,
        corporate(order.environ),
        align=order.align,
        move=order.move,
        ready=lambda port: _greet(order, port),
        who=built.who(token),
        watch=_watch(order),
        until=_until(order, situation.session),
    )
    if config.shared and pipeline.store.away:
        _say("the shared store is away: only exact shortening until it is back")
    with contextlib.ExitStack() as stack:
        stack.callback(pipeline.store.close)
        stack.callback(pool.close)
        upkeep.start()
        stack.callback(upkeep.stop)
        stack.enter_context(_forwarding(order, pipeline, trusted))
        run(built.furnished(setup))


@contextlib.contextmanager
def _forwarding(order: Order, pipeline: Pipeline, trusted: Path) -> Iterator[None]:
    """The HTTPS proxy, where one is wanted."""
    if order.forward_port is None:
        yield
        return
    from headroom_wrap.proxy.addon import Addon
    from headroom_wrap.proxy.distrust import Distrust
    from headroom_wrap.proxy.server import Server
    from headroom_wrap.proxy.sockets import Sockets

    config = order.config
    hosts = _hosts(config)
    upstream = {host: target(url) for host, url in config.upstream.items()}
    authority = ca.authority(config.paths.authority, hosts)
    corporately = corporate(order.environ)
    token = order.environ.get("HEADROOM_TOKEN", "")
    plan = Plan(hosts, authority, trusted, upstream, corporately, order.forward_port, token)
    server = Server(plan, Addon(plan, pipeline), Sockets(pipeline), Distrust(plan, _say))
    server.start()
    if not order.quiet:
        certificates = trust.bundle(config.paths.authority, [ca.certificate(authority)])
        known = f"{USER}:$HEADROOM_TOKEN@" if token else ""
        _say(
            f"HTTPS_PROXY=http://{known}127.0.0.1:{server.port}; "
            f"clients must trust {certificates}, e.g. NODE_EXTRA_CA_CERTS={certificates}"
        )
    try:
        yield
    finally:
        server.stop()


def _watch(order: Order) -> Callable[[Metrics], Callable[[], None]]:
    """What sends figures elsewhere, where that is wanted."""
    if not order.otel:
        return lambda metrics: lambda: None
    return lambda metrics: telemetry.start(metrics, order.environ)


def _until(order: Order, session: str) -> Callable[[], object] | None:
    """What ends the gateway besides a signal."""
    if order.until_eof:
        return _end_of_input
    if not order.dashboard:
        return None
    watch = ["dashboard", "--session", session, "--while", str(os.getpid())]
    # A process of its own: LMDB opens a store once in each, and the terminal has one reader.
    return lambda: subprocess.call(python.command("headroom_wrap", *watch))


def _end_of_input() -> None:
    """Returns when whoever holds the other end of our standard input is gone."""
    while sys.stdin.buffer.read(1 << 16):
        pass


def _hosts(config: Config) -> tuple[str, ...]:
    own = config.paths.config
    known = [profiles.load(name, own).hosts for name in profiles.names(own)]
    named = (host for hosts in known for host in hosts)
    return tuple(dict.fromkeys((*named, CHATGPT, GEMINI, *config.upstream)))


def _greet(order: Order, port: int) -> None:
    if order.quiet:
        return
    name = f"[{order.host}]" if ":" in order.host else order.host
    url = f"http://{name}:{port}"
    _say(
        f"listening on {url}\n  ANTHROPIC_BASE_URL={url}\n  OPENAI_BASE_URL={url}/v1\n"
        f"  GOOGLE_GEMINI_BASE_URL={url}"
    )


def _say(what: str) -> None:
    sys.stderr.write(f"headroom: {what}\n")
    sys.stderr.flush()
