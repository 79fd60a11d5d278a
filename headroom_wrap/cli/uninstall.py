"""`headroom uninstall`: remove all that we ever wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from headroom_wrap.config import Config


# Where `--install-completion` puts them. In `.bashrc` a line names the first one.
_COMPLETIONS = (
    ".bash_completions/headroom.sh",
    ".zfunc/_headroom",
    ".config/fish/completions/headroom.fish",
)
# In `.zshrc`, for all programs that put their completion in the second folder.
_ZSH = (
    b"fpath+=~/.zfunc; autoload -Uz compinit; compinit\n",
    b"zstyle ':completion:*' menu select\n",
)
# What we put into a folder that HEADROOM_HOME named, and that may have been somebody's before.
_CONFIG = ("config.toml", "agents", "prices.json")
_DATA = (
    *("store", "ca", "cache", "models", "tenants", "backups", "hooks"),
    *("audit.jsonl", "headroom.log", "crash.log"),
)
_FOLDERS = (".bash_completions", ".zfunc")


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something of ours in a place that is not ours, and how it is taken out."""

    what: str
    take_out: Callable[[], object]


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
    for line in (*(entry.what for entry in entries), *places):
        print(line)
    if not entries and not places:
        print("nothing of ours is here", file=sys.stderr)
        return 0
    if not yes and not _agreed():
        return 1
    for entry in entries:
        entry.take_out()
    for path in places:
        _remove(path)
    print("the package itself: pip uninstall headroom-wrap", file=sys.stderr)
    return 0


def _agreed() -> bool:
    import sys

    try:
        return typer.confirm("Remove all of this?", err=True)
    except typer.Abort:
        print("\nheadroom: nothing was removed; --yes does not ask", file=sys.stderr)
        raise


def _places(settings: Config) -> Iterator[Path]:
    from headroom_wrap import atomic, spill

    paths = settings.paths
    yield from _known(paths.config, lambda path: atomic.target(path.name).startswith(_CONFIG))
    yield from _known(paths.data, lambda path: atomic.target(path.name).startswith(_DATA))
    yield from _known(paths.originals, spill.ours)
    yield from _reports()
    yield from (Path.home() / file for file in _COMPLETIONS if (Path.home() / file).exists())


def _known(folder: Path, ours: Callable[[Path], bool]) -> Iterator[Path]:
    """The folder, or if somebody else put something there, what in it is ours."""
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [path for path in inside if ours(path)]
    whole = len(found) == len(inside) and folder.is_dir() and not folder.is_symlink()
    yield from [folder] if whole else found


def _reports() -> Iterator[Path]:
    """Crash reports where earlier versions put them."""
    import os
    import tempfile

    for file in sorted(Path(tempfile.gettempdir()).glob("headroom-????????.log")):
        found = file.lstat()
        ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        if ours and file.is_file() and file.read_bytes()[:9] == b"Traceback":
            yield file


def _entries(settings: Config) -> Iterator[_Entry]:
    """What was put into agents' own files, and into the system's keyring."""
    from headroom_wrap import secret

    yield from _servers(settings.paths.data / "backups")
    yield from _hooks(settings.paths.data / "hooks")
    yield from _sourced(Path.home() / ".bashrc")
    yield from _loaded(Path.home() / ".zshrc")
    if secret.in_keyring():
        yield _Entry("the system's keyring: the key of the store", secret.forget)


def _servers(backups: Path) -> Iterator[_Entry]:
    from headroom_wrap.mcp import install

    known = {target.path(): target for target in install.TARGETS.values()}
    for path, target in {**dict(install.recorded(backups)), **known}.items():
        if _named(path, partial(install.installed, path, target)):
            out = partial(install.uninstall, path, target, backups)
            yield _Entry(f"{path}: the MCP server", out)


def _hooks(backups: Path) -> Iterator[_Entry]:
    from headroom_wrap import config
    from headroom_wrap.hook import settings

    for file in dict.fromkeys((settings.usual(config.environment()), *settings.recorded(backups))):
        if _named(file, partial(settings.installed, file)):
            yield _Entry(f"{file}: the hook", partial(settings.uninstall, file, backups))


def _sourced(file: Path) -> Iterator[_Entry]:
    """The line that loads the completion of bash."""
    line = f"\nsource '{Path.home() / _COMPLETIONS[0]}'\n".encode()
    before, found, after = file.read_bytes().partition(line) if file.is_file() else (b"", b"", b"")
    if found:
        # Each further installation adds one to the end.
        after = after if after.strip(b"\n") else b""
        between = b"\n" if after and before[-1:] not in b"\n" else b""
        without = before + between + after
        yield _Entry(f"{file}: the completion of commands", partial(file.write_bytes, without))


def _loaded(file: Path) -> Iterator[_Entry]:
    """The lines that load the completions of zsh, where ours is the only one."""
    ours = Path.home() / _COMPLETIONS[1]
    text = file.read_bytes() if file.is_file() else b""
    if _ZSH[0] not in text or not ours.exists() or len(list(ours.parent.iterdir())) > 1:
        return
    without = text
    for line in _ZSH:
        # With the empty line above it, but for the first of a file.
        above = b"\n" + line
        without = without.replace(above if above in without else line, b"", 1)
    yield _Entry(f"{file}: the completion of commands", partial(file.write_bytes, without))


def _named(file: Path, installed: Callable[[], bool]) -> bool:
    """Whether a file of an agent's names us. One that cannot be understood is left alone."""
    import sys

    from headroom_wrap.errors import ConfigError

    try:
        return installed()
    except (ConfigError, OSError) as problem:
        print(f"headroom: left alone: {problem}", file=sys.stderr)
        return False


def _remove(path: Path) -> None:
    import contextlib
    import shutil

    from headroom_wrap.errors import HeadroomError

    try:
        path.unlink() if path.is_file() else shutil.rmtree(path)
    except OSError as problem:
        raise HeadroomError(f"cannot remove {path}: {problem.strerror}", "remove it by hand") from (
            problem
        )
    if path.parent in (_home(), *(Path.home() / file for file in _FOLDERS)):
        # Ours, unless somebody else put something there.
        with contextlib.suppress(OSError):
            path.parent.rmdir()


def _home() -> Path | None:
    from headroom_wrap import config

    home = config.environment().get("HEADROOM_HOME")
    return Path(home).expanduser().absolute() if home else None
