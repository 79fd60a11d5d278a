"""The parts of mitmproxy that we use, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

from mitmproxy import certs, ctx
from mitmproxy.addons.core import Core
from mitmproxy.addons.disable_h2c import DisableH2C
from mitmproxy.addons.next_layer import NextLayer
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.addons.tlsconfig import TlsConfig
from mitmproxy.addons.update_alt_svc import UpdateAltSvc
from mitmproxy.addons.upstream_auth import UpstreamAuth
from mitmproxy.http import HTTPFlow
from mitmproxy.master import Master
from mitmproxy.options import Options

from headroom_wrap import atomic
from headroom_wrap.proxy import unreachable
from headroom_wrap.proxy.admission import Admission
from headroom_wrap.proxy.aside import Aside
from headroom_wrap.proxy.nested import Inner, Outer
from headroom_wrap.proxy.plan import Plan, pattern


def master(
    plan: Plan, loop: asyncio.AbstractEventLoop, ours: Iterable[object]
) -> tuple[Master, Proxyserver]:
    """A Master that is ready to run, and its listener."""
    _quiet()
    unreachable.speak()
    made = Master(Options(), event_loop=loop)
    listener = Proxyserver()
    parts = [Core(), DisableH2C(), listener, Aside(plan), NextLayer(), TlsConfig()]
    # Before the credentials for a proxy behind us are put in: it takes those for us out.
    guard = [Admission(plan.secret)] if plan.secret else []
    inner = [Inner()] if plan.corporate is not None and plan.corporate.session else []
    made.addons.add(*parts, *guard, Outer(), *inner, UpstreamAuth(), UpdateAltSvc(), *ours)
    folder = plan.authority.parent
    _parameters(folder / "mitmproxy-dhparam.pem")
    # After the addons: the authority is then read at once, not when the port is open already.
    made.options.update(confdir=str(folder), **_settings(plan))
    return made, listener


async def replay(flow: HTTPFlow) -> None:
    """Send the flow's request once more, on a connection of its own; fills in its response."""
    from mitmproxy.addons.clientplayback import ReplayHandler

    await ReplayHandler(flow, ctx.options).replay()


def _settings(plan: Plan) -> dict[str, object]:
    found: dict[str, object] = {
        "mode": [f"regular@127.0.0.1:{plan.port}"],
        # Eager would dial the real host before --upstream is looked at.
        "connection_strategy": "lazy",
        "allow_hosts": [rf"^{pattern(plan.hosts)}:\d+$"],
        "ssl_verify_upstream_trusted_ca": str(plan.trust),
    }
    if plan.corporate is not None:
        found["mode"] = [f"upstream:{plan.corporate.url}@127.0.0.1:{plan.port}"]
        if plan.corporate.credentials:
            found["upstream_auth"] = plan.corporate.credentials
    return found


def _parameters(file: Path) -> None:
    """What mitmproxy would write itself, but for everybody to read."""
    if not file.exists():
        atomic.write(file, certs.DEFAULT_DHPARAM, 0o600)


def _quiet() -> None:
    """Into our log only: every aborted connection is worth a line to mitmproxy."""
    logging.getLogger("mitmproxy").setLevel(logging.ERROR)
