"""Originals as files, so that an agent's own Read, grep and sed can fetch just what it needs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
from pathlib import Path

import psutil

from headroom_wrap import atomic
from headroom_wrap.alone import alone
from headroom_wrap.errors import StoreError

_LIVE = ".live"
_OWNER = ".project"
SHORT, _LONG = 4, 16
_FOLDER = re.compile(r"[0-9a-f]{4}|[0-9a-f]{16}")
_FILE = re.compile(r"\.live|\.project|[0-9a-f]{8}(\.\d+)?")


class Spill:
    """The folder of one project, shared by its live sessions; the last one out removes it.

    The path depends on the project alone: markers that name it stay true over restarts, and a
    verdict that has to be derived again comes out the same. Its name is short, for it is paid for
    in every marker; a project that finds it in use by another one takes a longer name.
    """

    def __init__(self, root: Path, project: str) -> None:
        self._project = _digest(project)
        self.folder = root / folder_name(project)
        try:
            self._sign_in()
        except OSError as problem:
            raise StoreError(
                f"cannot keep originals in {self.folder}: {problem.strerror or problem}",
                "free some disk space, or set HEADROOM_HOME to a folder of yours",
            ) from problem
        sweep(root)

    def path(self, name: str) -> str:
        """Where the original with this hash lies."""
        return f"{self.folder}{os.sep}{name[:8]}"

    def put(self, name: str, text: str) -> None:
        """Write an original, unless it is there. Raises StoreError when the disk refuses."""
        if os.path.exists(self.path(name)):
            return
        target = Path(self.path(name))
        try:
            if not self._mine.exists():
                # Cleaners of /tmp take what has long not been touched.
                self._sign_in()
            atomic.write(target, text.encode("utf-8", "surrogatepass"), 0o600)
        except OSError as problem:
            raise StoreError(f"cannot write {target}: {problem}") from problem

    @property
    def _mine(self) -> Path:
        return self.folder / _LIVE / str(os.getpid())

    def _sign_in(self) -> None:
        root = self.folder.parent
        _private(root)
        with alone(root):
            if not self._ours():
                self.folder = root / self._project[:_LONG]
            for folder in (self.folder, self._mine.parent):
                _private(folder)
            self._mine.touch(0o600)
            owner = self.folder / _OWNER
            owner.touch(0o600)
            owner.write_text(self._project)

    def _ours(self) -> bool:
        """Whether nobody else uses the folder. Called with the root's lock held."""
        try:
            owner = (self.folder / _OWNER).read_text()
        except FileNotFoundError:
            return True
        if owner != self._project and not _live(self.folder):
            shutil.rmtree(self.folder, ignore_errors=True)
            return True
        return owner == self._project

    def close(self) -> None:
        """Leave; remove the folder when nobody else uses it."""
        with contextlib.suppress(FileNotFoundError), alone(self.folder.parent):
            self._mine.unlink(missing_ok=True)
            if not _live(self.folder):
                shutil.rmtree(self.folder, ignore_errors=True)


def folder_name(project: str) -> str:
    """The folder of a project below the root of all originals."""
    return _digest(project)[:SHORT]


def _digest(project: str) -> str:
    return hashlib.sha256(project.encode("utf-8", "surrogateescape")).hexdigest()


def live_since(root: Path) -> dict[str, float]:
    """When the oldest live session of each folder began, in seconds since the epoch, by
    `folder_name`: projects that share it count as one."""
    found: dict[str, float] = {}
    with contextlib.suppress(FileNotFoundError), alone(root):
        for folder in root.iterdir():
            if _live(folder):
                began = min(entry.stat().st_mtime for entry in (folder / _LIVE).iterdir())
                name = folder.name[:SHORT]
                found[name] = min(began, found.get(name, began))
    return found


def sweep(root: Path) -> None:
    """Remove the folders of sessions that died without closing."""
    with alone(root):
        for folder in root.iterdir():
            if ours(folder) and not _live(folder):
                shutil.rmtree(folder, ignore_errors=True)


def ours(folder: Path) -> bool:
    """Whether a folder was made by us, and holds nothing else: the root may lie in a folder that
    was somebody's before HEADROOM_HOME named it."""
    if not _FOLDER.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    return all(_FILE.fullmatch(atomic.target(entry.name)) for entry in folder.iterdir())


def _live(folder: Path) -> bool:
    alive = False
    for entry in (folder / _LIVE).glob("*"):
        # A process id used again by somebody younger than the file is not the session.
        if entry.name.isdigit() and psutil.pid_exists(int(entry.name)):
            try:
                started = psutil.Process(int(entry.name)).create_time()
                alive |= started <= entry.stat().st_mtime + 1
                continue
            except (psutil.Error, OSError):
                pass
        entry.unlink(missing_ok=True)
    return alive


def _private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if not stat.S_ISDIR(found.st_mode) or not mine:
        raise OSError(f"{folder} is not a folder of yours")
    folder.chmod(0o700)
