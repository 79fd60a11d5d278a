"""Builds what the gateway is made of: one pipeline for everybody, or one for each tenant."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from headroom_wrap import paths
from headroom_wrap.config import Config
from headroom_wrap.errors import ConfigError
from headroom_wrap.gateway.inject import Inject
from headroom_wrap.gateway.rooms import Idle
from headroom_wrap.gateway.server import Setup
from headroom_wrap.library import engine
from headroom_wrap.pipeline import Pipeline, Situation
from headroom_wrap.pipeline.worker import Pool
from headroom_wrap.team import terms
from headroom_wrap.team.audit import Audit
from headroom_wrap.team.quota import Quota
from headroom_wrap.team.tenants import Who
from headroom_wrap.team.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class House:
    """Makes pipelines and setups. `inject`: whether models may fetch originals by our tool."""

    config: Config
    situation: Situation
    upkeep: Upkeep
    inject: bool = False
    pool: Pool | None = None
    """The processes that judge; None for this one."""

    def pipeline(self, config: Config | None = None) -> Pipeline:
        """The pipeline over the store of some settings, within its terms."""
        config = config or self.config
        on = engine.opened(config)
        on.pool, store = self.pool, on.store
        found = terms.terms(config, config.tenant)
        judge = replace(engine.judge(config), pool=self.pool)
        made = Pipeline(store, judge, self.situation, shaping=config.shaping)
        made.full = Quota(found, store).used_up
        self.upkeep.add(store, found)
        return made

    def who(self, token: str) -> Who | None:
        """What tells tenants apart; None where there are none."""
        return Who(self.config.tenants.lower(), token) if self.config.tenants else None

    def furnished(self, base: Setup) -> Setup:
        """The complete setup. With tenants it serves requests that name none, and its `of` makes
        the setup of a tenant."""
        made = replace(base, audit=self._audit(""), of=self._tenant(base))
        if base.who is not None:
            return replace(made, pipeline=Idle(base.pipeline.store))
        return replace(made, inject=self._inject(base.pipeline, ""))

    def _tenant(self, base: Setup) -> Callable[[str], Setup]:
        def of(name: str) -> Setup:
            config = settings(self.config, name)
            for each in (self.config.paths.tenants, config.paths.data):
                paths.private(each)
            pipeline = self.pipeline(config)
            inject, audit = self._inject(pipeline, name), self._audit(name)
            return replace(base, config=config, pipeline=pipeline, inject=inject, audit=audit)

        return of

    def _inject(self, pipeline: Pipeline, tenant: str) -> Inject | None:
        return Inject(pipeline.store, self._audit(tenant)) if self.inject else None

    def _audit(self, tenant: str) -> Audit:
        several = self.config.shared or self.config.tenants
        return Audit(self.config.paths.audit if several else None, tenant)


def settings(config: Config, tenant: str) -> Config:
    """The settings for a tenant: a folder of its own is all that differs; the model is everybody's,
    and chosen already."""
    places = replace(config.paths, data=folder(config, tenant))
    return replace(config, tenant=tenant, paths=places, model="")


def folder(config: Config, tenant: str) -> Path:
    """Where what is a tenant's lies on this machine."""
    return config.paths.tenants / tenant


def situation(config: Config) -> Situation:
    """Who asks, in the ledger: in containers, every process has the same number."""
    machine = f"{socket.gethostname()}-" if config.shared else ""
    return Situation(f"proxy-{machine}{os.getpid()}", "proxy", observe=config.observe)


def check(config: Config, forward: bool) -> None:
    """Raises ConfigError at settings that do not go together."""
    terms.check(config)
    if config.tenants and forward:
        raise ConfigError(
            "an HTTPS proxy cannot tell tenants apart", "leave out --forward-port or the tenants"
        )
    if not config.keep and config.tenants:
        raise ConfigError("tenants are for what is kept", "leave out --no-store or the tenants")
