"""`headroom hook`: results shortened inside Claude Code itself, where no proxy can be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Shorten results by a hook of Claude Code's.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
_File = Annotated[
    Path | None, typer.Option("--file", help="Settings to write to. Default: the user's.")
]


@app.command("install")
def install(file: _File = None) -> int:
    """Add the hook to Claude Code's settings, for desktop and scheduled sessions.

    Example: headroom hook install; headroom hook uninstall puts the file back as it was.
    """
    import sys

    from headroom_wrap.hook import settings

    place, backups = _places(file)
    settings.install(place, _command(), backups)
    sys.stderr.write(f"headroom: hook in {place}; new sessions use it\n")
    return 0


@app.command("uninstall")
def uninstall(file: _File = None) -> int:
    """Take the hook out again; the file is what it was before."""
    import sys

    from headroom_wrap.hook import settings

    place, backups = _places(file)
    gone = settings.uninstall(place, backups)
    what = "hook taken out of" if gone else "no hook in"
    sys.stderr.write(f"headroom: {what} {place}\n")
    return 0


@app.command("run")
def run() -> int:
    """Answer one event on standard input; Claude Code calls this."""
    import json
    import sys

    from headroom_wrap import config
    from headroom_wrap.errors import Exit, HeadroomError
    from headroom_wrap.hook import claude

    try:
        event = json.loads(sys.stdin.buffer.read())
    except (ValueError, RecursionError):
        return 0
    try:
        settings = config.load()
        asked = isinstance(event, dict) and not (settings.off or settings.observe)
        found = claude.answer(event) if asked else None
    except HeadroomError as problem:
        # 2 would hand the message to the model as something to act on, after every call.
        problem.exit_code = Exit.FAILURE
        raise
    if found is not None:
        print(json.dumps(found))
    return 0


def _places(file: Path | None) -> tuple[Path, Path]:
    from headroom_wrap import config
    from headroom_wrap.hook import settings

    environ = config.environment()
    backups = config.load(environ=environ).paths.data / "hooks"
    return file or settings.usual(environ), backups


def _command() -> str:
    import shlex

    from headroom_wrap import python

    return shlex.join(python.command("headroom_wrap", "hook", "run"))
