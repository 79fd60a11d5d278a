"""Names for shell completion, and the option that several commands complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

Complete = Callable[[str], list[str]]


def among(*names: str) -> Complete:
    """Completes to one of these."""
    return lambda incomplete: _begun(names, incomplete)


levels = among("exact", "safe", "lean")
Level = Annotated[
    str | None,
    typer.Option(help="How far to go: exact, safe or lean.", autocompletion=levels),
]


def agent_names(incomplete: str) -> list[str]:
    """Agents."""
    from headroom_wrap import config, profiles

    return _begun(profiles.names(config.load().paths.config), incomplete)


def client_names(incomplete: str) -> list[str]:
    """Agents that take an MCP server."""
    from headroom_wrap.mcp import install

    return _begun(install.TARGETS, incomplete)


def suite_names(incomplete: str) -> list[str]:
    """Suites of `eval`."""
    from headroom_wrap.evaluation import suites

    return _begun(suites.SUITES, incomplete)


def columns(incomplete: str) -> list[str]:
    """Tables of `perf`."""
    from headroom_wrap.report.groups import COLUMNS

    return _begun(COLUMNS, incomplete)


def _begun(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
