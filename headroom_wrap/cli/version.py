"""`headroom version`, and `headroom --version`."""

from __future__ import annotations

from typing import Annotated

import typer


def _asked(value: bool) -> None:
    if value:
        version()
        raise typer.Exit


def headroom(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_asked, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Shortens what coding agents re-send to the model, and keeps every original."""


def version() -> int:
    """Print the version."""
    from headroom_wrap import __version__

    print(__version__)
    return 0
