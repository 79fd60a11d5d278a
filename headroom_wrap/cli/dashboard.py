"""`headroom dashboard`: watch all sessions, from another terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def dashboard(
    once: Annotated[bool, typer.Option("--once", help="Print one frame, and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one frame as JSON.")] = False,
    session: Annotated[str, typer.Option(help="Only this session.")] = "",
    process: Annotated[
        int, typer.Option("--while", metavar="PID", hidden=True, help="End with this process.")
    ] = 0,
) -> int:
    """Watch what all running sessions send and save; press ? for its keys.

    Examples: headroom dashboard; headroom dashboard --once --json
    """
    import json
    import sys

    from rich.console import Console

    from headroom_wrap import config, dashboard
    from headroom_wrap.dashboard import snapshot
    from headroom_wrap.dashboard.source import Source

    folder = config.load().paths.store
    # The process that opens it knows its session, which may not have begun yet.
    session = _named(folder, session) if session and not process else session
    console = Console(highlight=False, emoji=False, markup=False)
    if as_json:
        source = Source(folder)
        print(json.dumps(snapshot.as_json(source.read(session)), indent=2))
        source.close()
    elif once or not (sys.stdin.isatty() and sys.stdout.isatty()):
        dashboard.once(folder, console, session)
    else:
        dashboard.live(folder, console, lambda: _gone(process), session)
    return 0


def _named(folder: Path, prefix: str) -> str:
    from headroom_wrap.report import account
    from headroom_wrap.store import existing

    store = existing(folder)
    if store is None:
        raise account.none_yet()
    try:
        return account.session_named(store, prefix)
    finally:
        store.close()


def _gone(process: int) -> bool:
    import psutil

    return bool(process) and not psutil.pid_exists(process)
