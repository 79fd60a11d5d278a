"""Looks at an installation from all sides; each finding says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from headroom_wrap.config import Config
from headroom_wrap.doctor import canary, machine, ours
from headroom_wrap.doctor.finding import Finding, State

__all__ = ["Finding", "State", "findings"]

_CHECKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    machine.versions,
    machine.clash,
    machine.network,
    machine.agents,
    ours.authority,
    ours.store,
    ours.prefixes,
    ours.leftovers,
    ours.model,
    canary.wires,
)


def findings(settings: Config) -> Iterator[Finding]:
    """All findings, one after the other; those that take time come last."""
    for check in _CHECKS:
        yield from check(settings)
