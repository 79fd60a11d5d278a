"""`headroom ca`: the certificate authorities of this installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Show, renew or remove our certificate authorities. None is ever in a system store.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
_NONE = "none yet: the first `headroom wrap` makes one"


@app.command()
def show(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> int:
    """Show each authority: the names it may vouch for, and until when.

    Example: headroom ca show --json
    """
    import json

    from headroom_wrap.proxy import ca

    found = [ca.facts(file) for file in _files()]
    if as_json:
        print(json.dumps(found, indent=2))
        return 0
    for row in found:
        print(f"{row['file']}\n  until {row['until']}, only for {', '.join(row['names'])}")
    if not found:
        print(_NONE)
    return 0


@app.command()
def rotate() -> int:
    """Make every authority anew; running sessions keep the one they began with.

    Example: headroom ca rotate
    """
    from headroom_wrap.proxy import ca

    for file in _some():
        ca.rotate(file)
        print(f"made anew: {file}")
    return 0


@app.command()
def remove() -> int:
    """Remove all authorities; the next `headroom wrap` makes its own.

    Example: headroom ca remove
    """
    import shutil

    for file in _some():
        shutil.rmtree(file.parent)
        print(f"removed: {file.parent}")
    return 0


def _some() -> list[Path]:
    import sys

    found = _files()
    if not found:
        print(f"headroom: {_NONE}", file=sys.stderr)
    return found


def _files() -> list[Path]:
    from headroom_wrap import config
    from headroom_wrap.proxy import ca

    return sorted(config.load().paths.authority.glob(f"*/{ca.FILE}"))
