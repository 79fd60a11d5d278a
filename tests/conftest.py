"""What cannot be tested here is said loudly: a silent skip reads like a pass."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's affair.
settings.register_profile("headroom", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("headroom")

Need = Callable[[object, str], None]


@pytest.fixture(scope="session")
def need() -> Need:
    """`need(thing, advice)` goes on if `thing` is there; else it skips, and fails on CI."""

    def check(thing: object, advice: str) -> None:
        if not thing:
            pytest.fail(advice) if os.environ.get("CI") == "true" else pytest.skip(advice)

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with what was not tested."""
    skipped = terminalreporter.getreports("skipped")
    for what, words in (("agent", "REAL AGENTS"), ("team", "STORES FOR TEAMS")):
        # Whole modules that were skipped have no keywords.
        named = [r for r in skipped if what in getattr(r, "keywords", ())]
        reasons = {r.longrepr[2] for r in named if r.longrepr}
        for reason in sorted(reasons):
            terminalreporter.write_line(f"{words} NOT TESTED: {reason}", red=True, bold=True)
