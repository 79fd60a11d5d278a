"""The real proxy and pipeline between a client of ours and a model of ours."""

from __future__ import annotations

import contextlib
import http.client
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap import paths
from headroom_wrap.demo.model import Model
from headroom_wrap.store import Store
from headroom_wrap.types import Level

if TYPE_CHECKING:
    from headroom_wrap.proxy.server import Server

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What is up: `send` goes through all of it."""

    model: Model
    store: Store
    server: Server
    trust: Path

    def send(self, host: str, path: str, body: bytes) -> bytes:
        """One request as an agent would make it; returns the body as it reached the model."""
        line = http.client.HTTPSConnection(
            "127.0.0.1",
            self.server.port,
            timeout=_PATIENCE,
            context=ssl.create_default_context(cafile=str(self.trust)),
        )
        try:
            line.set_tunnel(host, 443)
            line.request("POST", path, body, {"content-type": "application/json"})
            line.getresponse().read()
        finally:
            line.close()
        return self.model.bodies[-1]


@contextlib.contextmanager
def stage(
    home: Path, hosts: Sequence[str], project: str, level: Level = Level.SAFE
) -> Iterator[Stage]:
    """The stage with everything of ours in `home`; raises HeadroomError when it cannot be set."""
    from headroom_wrap.pipeline import Judge, Pipeline, Situation
    from headroom_wrap.proxy import ca, trust
    from headroom_wrap.proxy.addon import Addon
    from headroom_wrap.proxy.plan import Plan, target
    from headroom_wrap.proxy.server import Server
    from headroom_wrap.spill import Spill

    places = paths.under(home)
    folder = paths.private(places.authority)
    authority = ca.authority(folder, hosts)
    ours = trust.bundle(folder, [ca.certificate(authority)])
    store, spill = Store(places.store), Spill(places.originals, project)
    pipeline = Pipeline(store, Judge(level, spill), Situation("demo", "claude", project))
    model = Model()
    upstream = dict.fromkeys(hosts, target(model.url))
    plan = Plan(tuple(hosts), authority, ours, upstream)
    server = Server(plan, Addon(plan, pipeline))
    model.start()
    try:
        server.start()
        yield Stage(model, store, server, ours)
    finally:
        server.stop()
        model.stop()
        spill.close()
        store.close()
