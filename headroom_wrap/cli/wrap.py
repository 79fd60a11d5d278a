"""`headroom wrap AGENT`: run a coding agent with its tool results shortened."""

from __future__ import annotations

from typing import Annotated

import typer

from headroom_wrap.cli import complete, shaping


def wrap(
    agent: Annotated[
        str,
        typer.Argument(
            help="Which agent: see `headroom agents`.", autocompletion=complete.agent_names
        ),
    ],
    arguments: Annotated[
        list[str] | None, typer.Argument(help="For the agent; put them after `--`.")
    ] = None,
    level: complete.Level = None,
    observe: Annotated[
        bool | None, typer.Option("--observe", help="Measure only; change nothing.")
    ] = None,
    upstream: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST=URL", help="Send a host's requests elsewhere. Repeatable."),
    ] = None,
    prefer: Annotated[
        str | None,
        typer.Option(
            help="What shorter results are for: longer-sessions or lower-bill.",
            autocompletion=complete.among("longer-sessions", "lower-bill"),
        ),
    ] = None,
    dashboard: Annotated[
        bool, typer.Option("--dashboard", help="Open the dashboard beside it, inside tmux.")
    ] = False,
    encrypt: Annotated[
        bool | None, typer.Option("--encrypt", help="Encrypt the originals that are kept.")
    ] = None,
    store: Annotated[
        bool | None,
        typer.Option("--store/--no-store", help="Keep no originals: only exact codecs run."),
    ] = None,
    shape_output: Annotated[
        str | None, typer.Option(metavar="[=LEVEL]", help=shaping.HELP, show_default=False)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be started, and stop.")
    ] = False,
) -> int:
    """Run AGENT behind a local proxy that shortens the tool results it sends to its model.

    Example: headroom wrap claude -- -p "fix the test"
    """
    from headroom_wrap import config, launch, profiles
    from headroom_wrap.cli import shown

    environ = config.environment()
    settings = config.load(
        config.Flags(level, observe, upstream or (), prefer, encrypt, store, shape_output), environ
    )
    profile = profiles.load(agent, settings.paths.config)
    order = launch.Order(profile, tuple(arguments or ()), settings, environ)
    if dry_run:
        shown.command(launch.dry_run(order))
        return 0
    if dashboard:
        shown.beside(environ)
    return launch.wrap(order)
