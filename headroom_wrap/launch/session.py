"""One wrapped run from start to exit line."""

from __future__ import annotations

import contextlib
import logging
import secrets
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap import paths, prices
from headroom_wrap.config import Config
from headroom_wrap.errors import Exit, HeadroomError, StoreError
from headroom_wrap.launch import child, logs, plan, probe, terminal
from headroom_wrap.launch.plan import Command, Route
from headroom_wrap.profiles import Profile

if TYPE_CHECKING:
    from headroom_wrap.pipeline.worker import Pool
    from headroom_wrap.proxy import Plan
    from headroom_wrap.proxy.server import Server
    from headroom_wrap.spill import Spill
    from headroom_wrap.store import Store

_log = logging.getLogger(__name__)
_MONTH = 30 * 86400.0


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asked for: an agent with these arguments, in this environment."""

    profile: Profile
    arguments: tuple[str, ...]
    config: Config
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Session:
    """What lives as long as the agent does."""

    name: str
    started: float
    store: Store
    spill: Spill
    server: Server
    pool: Pool

    def end(self) -> None:
        """Nobody is there any more who waits for what is still being judged."""
        self.pool.close()
        self.server.stop()


def wrap(order: Order) -> int:
    """Run the agent behind us; its exit code, 128+n for a signal."""
    if order.config.off:
        plan.bare(order.profile, order.arguments, order.environ)
    try:
        plan.refuse(order.profile, order.arguments)
        program = plan.binary(order.profile, order.environ)
        with _session(order) as session:
            command = _command(order, program, session)
            with terminal.kept() as screen:
                code = child.run(command)
                screen.killed = code < 0
            session.end()
            sys.stderr.write(_exit_line(order, session) + "\n")
    except HeadroomError as problem:
        # Below 125 an exit code of ours would read like one of the agent's.
        problem.exit_code = max(problem.exit_code, Exit.OWN_FAILURE)
        raise
    return child.passed_on(code)


def dry_run(order: Order) -> Command:
    """The command that `wrap` would start; nothing is started and nothing is written."""
    plan.refuse(order.profile, order.arguments)
    program = plan.binary(order.profile, order.environ)
    folder = order.config.paths.authority
    bundle = folder / "trust.pem"
    originals = str(order.config.paths.originals / "PROJECT")
    proxy = "http://headroom:SECRET@127.0.0.1:PORT"
    route = Route(proxy, bundle, bundle, originals, *_line(order, "SESSION"))
    options = probe.known(order.profile, program, order.environ, order.config.paths.cache)
    arguments = (*options, *order.arguments)
    return plan.command(order.profile, program, arguments, order.environ, route)


@contextlib.contextmanager
def _session(order: Order) -> Iterator[Session]:
    from headroom_wrap import kompress
    from headroom_wrap.kompress import models
    from headroom_wrap.pipeline import Judge, Pipeline, Situation
    from headroom_wrap.pipeline.worker import Pool
    from headroom_wrap.proxy.addon import Addon
    from headroom_wrap.proxy.distrust import Distrust
    from headroom_wrap.proxy.server import Server
    from headroom_wrap.proxy.sockets import Sockets
    from headroom_wrap.spill import Spill
    from headroom_wrap.types import Level

    config = order.config
    paths.private(config.paths.data)
    logs.to_file(config.paths.log)
    project, name, started = paths.here(), uuid.uuid4().hex[:12], time.time()
    with contextlib.ExitStack() as stack:
        store = _store(order)
        stack.callback(store.close)
        spill = Spill(config.paths.originals, project)
        stack.callback(spill.close)
        situation = Situation(name, order.profile.name, project, config.observe)
        models.choose(config)
        prices.extend(config.paths.prices)
        pool = Pool(kompress.used())
        stack.callback(pool.close)
        judge = Judge(config.level, spill) if config.keep else Judge(Level.EXACT, markers=False)
        judge = replace(judge, pool=pool)
        pipeline = Pipeline(store, judge, situation, shaping=config.shaping)
        proxy = _proxy(order)
        addons = Addon(proxy, pipeline), Sockets(pipeline), Distrust(proxy, _say(order.profile))
        server = Server(proxy, *addons)
        session = Session(name, started, store, spill, server, pool)
        server.start()
        cleaner = threading.Thread(target=_prune, args=(store, config.paths.originals))
        cleaner.start()
        stack.callback(cleaner.join)
        stack.callback(session.end)
        yield session


def _store(order: Order) -> Store:
    from headroom_wrap import secret
    from headroom_wrap.store import Store, ephemeral

    if not order.config.keep:
        return ephemeral()
    cipher = secret.cipher(order.config.encrypt, order.environ)
    return Store(order.config.paths.store, cipher=cipher)


def _prune(store: Store, originals: Path) -> None:
    from headroom_wrap import retention, spill

    try:
        retention.daily(store, time.time(), spill.live_since(originals))
    except StoreError as problem:
        _log.error("%s: nothing is removed today", problem)


def _proxy(order: Order) -> Plan:
    from headroom_wrap.proxy import ca, trust
    from headroom_wrap.proxy.plan import Plan, corporate, target

    gateways, problems = plan.gateways(order.profile, order.environ)
    for problem in problems:
        sys.stderr.write(f"headroom: {problem}\n")
    upstream = {host: target(url) for host, url in order.config.upstream.items()}
    hosts = tuple(dict.fromkeys((*order.profile.hosts, *gateways, *upstream)))
    folder = paths.private(order.config.paths.authority)
    trusted = trust.bundle(folder, [trust.system(), *trust.own(order.environ)])
    behind, secret = corporate(order.environ), secrets.token_urlsafe(24)
    return Plan(hosts, ca.authority(folder, hosts), trusted, upstream, behind, secret=secret)


def _command(order: Order, program: str, session: Session) -> Command:
    from headroom_wrap.proxy import ca, trust

    folder = order.config.paths.authority
    ours = ca.certificate(session.server.plan.authority)
    own = trust.own(order.environ, order.profile.trust_replaced)
    added = trust.bundle(folder, [*own, ours])
    replaced = trust.bundle(folder, [trust.system(), *own, ours])
    line = _line(order, session.name)
    route = Route(session.server.url, added, replaced, str(session.spill.folder), *line)
    options = probe.known(order.profile, program, order.environ, order.config.paths.cache)
    limit, more = _limit(order, session.store)
    arguments = (*options, *more, *order.arguments)
    return plan.command(order.profile, program, arguments, {**order.environ, **limit}, route)


def _line(order: Order, session: str) -> tuple[str, str]:
    """The store and the session of the status line; nothing where the user wants none."""
    return (str(order.config.paths.store), session) if order.config.status_line else ("", "")


def _limit(order: Order, store: Store) -> tuple[dict[str, str], list[str]]:
    """What makes the agent compact its context earlier, where that is wanted."""
    if not order.config.lower_bill:
        return {}, []
    from headroom_wrap import ledger
    from headroom_wrap.launch import compaction

    rows = ledger.rows(store, time.time() - _MONTH)
    ratio = compaction.kept_ratio(rows, order.profile.name)
    return compaction.balanced(order.profile, ratio, order.arguments, order.environ)


def _say(profile: Profile) -> Callable[[str], None]:
    names = ", ".join((*profile.trust_added, *profile.trust_replaced))
    advice = f"headroom gave it in {names}; HEADROOM_OFF=1 runs {profile.name} without headroom"

    def say(what: str) -> None:
        # Over the agent's screen if need be: it cannot work at all.
        sys.stderr.write(f"\r\nheadroom: {what}\r\n  {advice}\r\n")

    return say


def _exit_line(order: Order, session: Session) -> str:
    from headroom_wrap import report
    from headroom_wrap.ledger import sums

    total, observed = sums.session(session.store, session.name)
    # Not the folder: it goes when the session ends.
    where = "headroom get HASH" if order.config.keep else ""
    return report.exit_line(total, observed=observed, where=where)
