"""`headroom demo`: watch savings without an agent or a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from headroom_wrap.cli import complete

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def demo(
    level: Annotated[
        str,
        typer.Option(help="How far to go: exact, safe or lean.", autocompletion=complete.levels),
    ] = "safe",
    once: Annotated[
        bool, typer.Option("--once", help="No dashboard: only what it came to.")
    ] = False,
) -> int:
    """Play a sample coding session through the real proxy to a model on loopback.

    Nothing leaves this machine, and nothing of it stays.

    Examples: headroom demo; headroom demo --once --level exact
    """
    import subprocess
    import sys
    import tempfile
    from pathlib import Path

    from headroom_wrap import config, paths, python
    from headroom_wrap.errors import ConfigError
    from headroom_wrap.types import Level

    if level not in [each.value for each in Level]:
        raise ConfigError(f"unknown level `{level}`", "exact, safe or lean")
    live = not once and sys.stdin.isatty() and sys.stdout.isatty()
    with tempfile.TemporaryDirectory(prefix="headroom-demo-") as home:
        command = python.command("headroom_wrap.demo.session", home, level)
        # Whatever the terminal knows: it is told there below.
        environ = {**config.environment(), "PYTHONIOENCODING": "utf-8"}
        command.append("1.0" if live else "0")
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, encoding="utf-8", env=environ
        ) as session:
            if live:
                _watch(paths.under(Path(home)).store, session)
            else:
                print("Playing a sample session …", file=sys.stderr)
            said = session.communicate()[0]
    print(said.strip())
    print("Now with an agent of yours: headroom wrap claude", file=sys.stderr)
    return session.returncode


def _watch(store: Path, session: subprocess.Popen[str]) -> None:
    """The dashboard until the session is over, and a moment longer."""
    import time

    from rich.console import Console

    from headroom_wrap import dashboard

    ended: list[float] = []

    def over() -> bool:
        if session.poll() is not None and not ended:
            ended.append(time.monotonic())
        return bool(ended) and time.monotonic() - ended[0] > 3

    dashboard.live(store, Console(highlight=False, emoji=False, markup=False), over)
