"""`headroom mcp`: the MCP server, and putting it into agents' own configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headroom_wrap.cli import complete

if TYPE_CHECKING:
    from headroom_wrap.mcp.install import Target

app = typer.Typer(
    help="Serve originals to agents over MCP, or put the server into their configuration.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
Agents = Annotated[
    list[str] | None,
    typer.Option(
        "--agent",
        help="Only this agent's file. Repeatable.",
        autocompletion=complete.client_names,
    ),
]
AsFile = Annotated[
    Path | None, typer.Option("--file", help="A JSON file of another client, with `mcpServers`.")
]


@app.command()
def serve() -> int:
    """Answer an MCP client on standard input and output.

    Example: claude mcp add headroom -- headroom mcp serve
    """
    import io
    import sys

    from headroom_wrap import config, paths, secret
    from headroom_wrap.mcp import server
    from headroom_wrap.mcp.tools import Tools
    from headroom_wrap.store import Store, ephemeral

    settings = config.load()
    cipher = secret.cipher(settings.encrypt, config.environment())
    # Where nothing is to be kept, originals live as long as the server does.
    store = Store(settings.paths.store, cipher=cipher) if settings.keep else ephemeral()
    # A lone surrogate in a message must not end the server.
    lines = io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace")
    answers = io.TextIOWrapper(sys.stdout.buffer, "utf-8", errors="backslashreplace")
    try:
        server.serve(Tools(store, project=paths.here(), level=settings.level), lines, answers)
    finally:
        store.close()
    return 0


@app.command()
def install(agent: Agents = None, file: AsFile = None) -> int:
    """Add the server to the agents' configuration; what was there is kept for `uninstall`.

    Examples: headroom mcp install; headroom mcp install --agent codex
    """
    from headroom_wrap.mcp import install as files

    for target, path in _targets(agent, file):
        files.install(path, target, _command(), _backups())
        print(f"{target.agent:<10}added to {path}")
    return 0


@app.command()
def uninstall(agent: Agents = None, file: AsFile = None) -> int:
    """Take the server out again, exactly.

    Example: headroom mcp uninstall
    """
    from headroom_wrap.mcp import install as files

    for target, path in _targets(agent, file):
        was_there = files.uninstall(path, target, _backups())
        print(f"{target.agent:<10}{'removed from' if was_there else 'was not in'} {path}")
    return 0


@app.command()
def status(
    agent: Agents = None,
    file: AsFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Say which agents' configuration names the server.

    Example: headroom mcp status --json
    """
    import json

    from headroom_wrap.mcp import install as files

    found = {
        target.agent: {"file": str(path), "installed": files.installed(path, target)}
        for target, path in _targets(agent, file, absent=True)
    }
    if as_json:
        print(json.dumps(found, indent=2))
        return 0
    for name, row in found.items():
        print(f"{name:<10}{'installed in' if row['installed'] else 'not in'} {row['file']}")
    return 0


def _targets(
    agents: list[str] | None, file: Path | None, absent: bool = False
) -> Iterator[tuple[Target, Path]]:
    """The files in question; without names, those of the agents that are there."""
    import shutil

    from headroom_wrap.errors import ConfigError
    from headroom_wrap.mcp.install import TARGETS, Target

    if file is not None:
        yield Target("file", file.name, "mcpServers"), file
        return
    for name in agents or TARGETS:
        if name not in TARGETS:
            raise ConfigError(f"no agent `{name}`", f"one of {', '.join(TARGETS)}, or --file")
        target = TARGETS[name]
        path = target.path()
        if agents or absent or path.exists() or shutil.which(name):
            yield target, path


def _command() -> list[str]:
    import shutil

    from headroom_wrap import python

    found = shutil.which("headroom")
    words = [found] if found and python.ours(found) else python.command("headroom_wrap")
    return [*words, "mcp", "serve"]


def _backups() -> Path:
    from headroom_wrap import config

    return config.load().paths.data / "backups"
