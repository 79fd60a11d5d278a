"""`headroom uninstall`: remove all that we ever wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from headroom_wrap.config import Config


def uninstall(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> int:
    """List everything of ours on this machine, and remove it when you agree.

    Examples: headroom uninstall; headroom uninstall --yes && pip uninstall headroom-wrap
    """
    import sys

    from headroom_wrap import config, spill
    from headroom_wrap.errors import HeadroomError

    settings = config.load()
    if spill.live_since(settings.paths.originals):
        raise HeadroomError("sessions are running", "end them first")
    entries, places = list(_entries(settings)), list(_places(settings))
    for path in (*entries, *places):
        print(path)
    if not entries and not places:
        print("nothing of ours is here", file=sys.stderr)
        return 0
    if not yes and not typer.confirm("Remove all of this?", err=True):
        return 1
    _take_out(settings)
    for path in places:
        _remove(path)
    print("the package itself: pip uninstall headroom-wrap", file=sys.stderr)
    return 0


def _places(settings: Config) -> Iterator[Path]:
    paths = settings.paths
    yield from (path for path in (paths.config, paths.data, paths.originals) if path.exists())


def _entries(settings: Config) -> Iterator[str]:
    """What was put into agents' own files."""
    from headroom_wrap import config
    from headroom_wrap.hook import settings as hook
    from headroom_wrap.mcp import install

    for target in install.TARGETS.values():
        if install.installed(target.path(), target):
            yield f"{target.path()}: the MCP server"
    file = hook.usual(config.environment())
    if hook.installed(file):
        yield f"{file}: the hook"


def _take_out(settings: Config) -> None:
    from headroom_wrap import config
    from headroom_wrap.hook import settings as hook
    from headroom_wrap.mcp import install

    backups = settings.paths.data / "backups"
    for target in install.TARGETS.values():
        install.uninstall(target.path(), target, backups)
    hook.uninstall(hook.usual(config.environment()), backups)


def _remove(path: Path) -> None:
    import shutil

    from headroom_wrap.errors import HeadroomError

    try:
        shutil.rmtree(path)
    except OSError as problem:
        raise HeadroomError(f"cannot remove {path}: {problem.strerror}", "remove it by hand") from (
            problem
        )
