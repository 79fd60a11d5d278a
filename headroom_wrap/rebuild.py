"""A new store out of what can be read of a damaged one; the damaged file stays beside it."""

from __future__ import annotations

import contextlib
import errno
import logging
import mmap
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import lmdb
import msgspec

from headroom_wrap import pages
from headroom_wrap.alone import alone
from headroom_wrap.errors import StoreError
from headroom_wrap.pages import Pages

_log = logging.getLogger(__name__)
# The damaged file, kept: it may hold rows that we cannot read and somebody else can.
KEPT = "damaged.mdb"
# Left by a process that met damage, for the next one that opens the store.
SIGN = "damaged"
DAMAGED = (lmdb.InvalidError, lmdb.CorruptedError, lmdb.PageNotFoundError, lmdb.PanicError)
# Address space, not disk: the file grows as it is written to (but on Windows).
_MAP_BYTES = 1 << (30 if os.name == "nt" else 36)
# Where a process may not have as much of it.
_SMALLER = (1 << 32, 1 << 30, 1 << 28)
_READERS = 512
# As long as LMDB makes it for so many readers.
_LOCK_BYTES = 64 * (_READERS + 2)
_BATCH = 1000
_TRIES = 5

_OPEN = "open."
_SUMS = "sums"
# As in the store, which imports this module: exchanges that a client was not shown.
_HIDDEN = b"hidden/"
_LEDGER_KEY = 12
_VERDICT_KEYS = (16, 17)

Row = tuple[str, bytes, bytes]
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Guess:
    """Tells where a row belongs of which only key and value are known.

    `clear` opens what is encrypted, `is_original` recognises an original by its hash.
    """

    clear: Callable[[bytes], bytes]
    is_original: Callable[[bytes, bytes], bool]

    def table(self, key: bytes, value: bytes) -> str:
        """The table's name, "" where that is open."""
        if key.startswith(_HIDDEN):
            return "verdicts"
        try:
            row = self.clear(value)
            if self.is_original(key, row):
                return "originals"
            found = msgspec.msgpack.decode(row)
        except (StoreError, msgspec.MsgspecError, UnicodeDecodeError):
            return ""
        if len(key) == _LEDGER_KEY and isinstance(found, dict):
            return "ledger"
        named = isinstance(found, list) and isinstance((found or [0])[0], str)
        return "verdicts" if named and len(key) in _VERDICT_KEYS else ""


def sign(folder: Path) -> None:
    """Note that the store in a folder is damaged."""
    try:
        (folder / SIGN).touch(0o600)
    except OSError as problem:
        _log.error("cannot note that %s is damaged: %s", folder, problem)


def rebuild(folder: Path, inode: int, names: Iterable[str], guess: Guess) -> int:
    """Puts a new file in the place of the damaged one, which `inode` names; returns its rows.

    Nothing is done where another process was faster. Raises OSError and lmdb.Error.
    """
    file, new = folder / "data.mdb", folder / "rebuilt"
    with alone(folder):
        if file.stat().st_ino != inode:
            return 0
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        count = _written(new, names, _rows(file, guess))
        # Until the last step the damaged file is the store, after it the new one is.
        (folder / KEPT).unlink(missing_ok=True)
        os.link(file, folder / KEPT)
        # Its lock knows of the damaged file's transactions.
        (folder / "lock.mdb").unlink(missing_ok=True)
        os.replace(new / "data.mdb", file)
        for stale in (folder / SIGN, *(f for f in folder.glob(f"{_OPEN}*") if not _lives(f))):
            stale.unlink(missing_ok=True)
        shutil.rmtree(new, ignore_errors=True)
    _log.error("the store in %s was damaged: rows saved: %d; what it was: %s", folder, count, KEPT)
    return count


def enter(folder: Path, needed: bool = True) -> Path | None:
    """Leaves a file that says that this process has the store open; `leave` removes it at the end.

    Where it cannot be written: None, or OSError if it is `needed`.
    """
    file = folder / f"{_OPEN}{os.getpid()}"
    try:
        file.touch(0o600)
    except OSError:
        if needed:
            raise
        return None
    return file


def leave(file: Path) -> None:
    """Removes the file that `enter` left."""
    with contextlib.suppress(OSError):
        file.unlink()


def suspect(folder: Path) -> bool:
    """Whether a process ended without closing the store, and left it damaged.

    LMDB takes a damaged page for one of its own errors, and ends the process.
    """
    dead = [file for file in folder.glob(f"{_OPEN}*") if not _lives(file)]
    if dead and not sound(folder):
        return True
    for file in dead:
        leave(file)
    return False


def opened(folder: Path, **options: Any) -> lmdb.Environment:
    """LMDB's own `open`. Raises lmdb.CorruptedError too where it fails by a damaged first page:
    LMDB asks for as much memory as that page says, and gets none."""
    _make_room(folder)
    sizes = (_MAP_BYTES, *(size for size in _SMALLER if size < _MAP_BYTES))
    for size in sizes:
        try:
            return lmdb.open(str(folder), map_size=size, max_readers=_READERS, **options)
        except (lmdb.MemoryError, lmdb.InvalidParameterError) as problem:
            if _used(folder) and not _of(folder, Pages.whole):
                raise lmdb.CorruptedError("a first page is not what it must be") from problem
            if size == sizes[-1] or not isinstance(problem, lmdb.MemoryError):
                raise
    raise AssertionError(sizes)


def _make_room(folder: Path) -> None:
    """LMDB writes to its lock file as to memory: a full disk that has no room for it kills the
    process. Raises OSError there."""
    file = folder / "lock.mdb"
    # To close a file gives up this process's locks on it, those of LMDB as well.
    ours = (folder / f"{_OPEN}{os.getpid()}").exists()
    if ours or not hasattr(os, "posix_fallocate") or _lies_whole(file):
        return
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, os.fstat(descriptor).st_size or _LOCK_BYTES)
        finally:
            os.close(descriptor)
    except OSError as problem:
        # What else stands in the way is told by LMDB, or is none to those who only read.
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise


def _lies_whole(file: Path) -> bool:
    try:
        found = file.stat()
    except OSError:
        return False
    return found.st_size > 0 and found.st_blocks * 512 >= found.st_size


def sound(folder: Path) -> bool:
    """Whether every page that the store uses is what it must be. Not while this process has it
    open; others may write to it. Raises lmdb.Error where it cannot be opened for other reasons."""
    if not _used(folder):
        return True
    try:
        if not _of(folder, Pages.begun):
            return False
        tried = (_sound_now(folder) for _ in range(_TRIES))
        return next((found for found in tried if found is not None), False)
    except DAMAGED:
        return False


def _sound_now(folder: Path) -> bool | None:
    """Whether the current state is sound; None where writers replaced it before it was read."""
    # While somebody reads a state, nobody uses its pages for another one.
    with opened(folder, readonly=True) as env, env.begin() as reader:

        def sound(found: Pages) -> bool | None:
            state = found.state(reader.id())
            return None if state is None else found.sound(state)

        return _of(folder, sound)


def _used(folder: Path) -> bool:
    data = folder / "data.mdb"
    return data.exists() and data.stat().st_size > 0


def _of(folder: Path, what: Callable[[Pages], _Found]) -> _Found:
    """What is found out about the store's file."""
    data = folder / "data.mdb"
    with data.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    with mapped:
        return what(pages.opened(mapped))


def _lives(file: Path) -> bool:
    import psutil

    try:
        # A process id used again by somebody younger than the file is not that process.
        started = psutil.Process(int(file.name[len(_OPEN) :])).create_time()
        return bool(started <= file.stat().st_mtime + 1)
    except (ValueError, psutil.Error, OSError):
        return False


def inode(folder: Path) -> int:
    """The inode number of the store's file, which changes when it is replaced; 0 without a file."""
    try:
        return (folder / "data.mdb").stat().st_ino
    except OSError:
        return 0


def _rows(file: Path, guess: Guess) -> Iterator[Row]:
    if not file.stat().st_size:
        return
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield from _saved(pages.opened(data), guess)


def _saved(found: Pages, guess: Guess) -> Iterator[Row]:
    """What the trees lead to, and where one of them is broken, what lies on any page."""
    tables = found.tables()
    broken = found.torn or "originals" not in tables
    for name, root in tables.items():
        if name != _SUMS:
            rows, damaged = found.rows(root)
            yield from ((name, node.key, node.value) for node in rows)
            broken |= bool(damaged)
    if broken:
        # Sums are counted anew then.
        for node in found.leaves():
            name = guess.table(node.key, node.value)
            if name:
                yield name, node.key, node.value
    elif _SUMS in tables:
        rows, damaged = found.rows(tables[_SUMS])
        sums = [(_SUMS, node.key, node.value) for node in rows]
        yield from () if damaged else sums


def _written(folder: Path, names: Iterable[str], rows: Iterator[Row]) -> int:
    with lmdb.open(str(folder), max_dbs=16, map_size=_MAP_BYTES, mode=0o600, metasync=True) as env:
        tables = {name: env.open_db(name.encode()) for name in names}
        count, waiting = 0, True
        while waiting:
            with env.begin(write=True) as txn:
                waiting = False
                for number, (name, key, value) in enumerate(rows, 1):
                    if name in tables and len(key) <= env.max_key_size():
                        count += txn.put(key, value, db=tables[name], overwrite=False)
                    if number == _BATCH:
                        waiting = True
                        break
        _stamp_uses(env, tables)
    return count


def _stamp_uses(env: lmdb.Environment, tables: dict[str, lmdb._Database]) -> None:
    """Originals whose last use was lost count as used now, so that they are not pruned first."""
    stamp = int(time.time()).to_bytes(8, "big")
    with env.begin(write=True) as txn, txn.cursor(db=tables["originals"]) as cursor:
        for key in cursor.iternext(values=False):
            txn.put(bytes(key), stamp, db=tables["uses"], overwrite=False)
