"""Originals, verdicts, prefix hashes and ledger rows in one LMDB: durable before a body leaves."""

from __future__ import annotations

import atexit
import errno
import functools
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import lmdb

from headroom_wrap import rebuild, secret
from headroom_wrap.errors import StoreError
from headroom_wrap.gate import Gate
from headroom_wrap.original import Original, digest, is_original, packed, unpacked
from headroom_wrap.secret import Cipher
from headroom_wrap.types import Origin

_TABLES = ("originals", "uses", "verdicts", "prefixes", "ledger", "meta", "sums")
# The layout of the tables. A store in which no number is written has format 1.
FORMAT = 1
_FORMAT_KEY = b"format"
# The tables that hold tool output, and are encrypted where there is a key. The others hold hashes,
# times and figures; the ledger also the commands.
_SECRET = frozenset({"originals", "verdicts"})
# Keys in `verdicts` of rows that are not verdicts: exchanges that the client was not shown.
HIDDEN = b"hidden/"
# A key in `sums`: where it is, every row of the ledger is counted there.
WHOLE = b"!whole"
_FREE = "free some disk space, or `headroom clear --older 7d`"


class Store:
    """One LMDB environment, shared by any number of processes and threads.

    LMDB allows a path to be opened once per process: keep the store for the process's life.
    Every method raises StoreError when the disk refuses. Without `durable` nothing is synced to
    disk: for stores that are thrown away after use. A damaged store is rebuilt when it is opened,
    unless `mend` is false: rebuilding without the key would lose the encrypted rows.
    """

    def __init__(
        self,
        folder: Path,
        *,
        readonly: bool = False,
        durable: bool = True,
        cipher: Cipher | None = None,
        mend: bool = True,
    ) -> None:
        self.folder = folder
        self._cipher = cipher
        self._readonly = readonly
        self._mine: Path | None = None
        self.gate = Gate()
        try:
            if not readonly:
                for private in (folder.parent, folder):
                    private.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open_sound(durable, mend)
        except (lmdb.Error, OSError) as problem:
            said = getattr(problem, "strerror", None) or str(problem).removeprefix(f"{folder}: ")
            hint = _hint(problem, "check the folder's permissions, or set HEADROOM_HOME elsewhere")
            raise StoreError(f"cannot open the store in {folder}: {said}", hint) from problem

    def _open_sound(self, durable: bool, mend: bool) -> None:
        """Opens the store, built anew first where it is damaged."""
        inode = rebuild.inode(self.folder)
        try:
            if inode and (rebuild.suspect(self.folder) or (self.folder / rebuild.SIGN).exists()):
                raise lmdb.CorruptedError("a page is not what it must be")
            self._open(durable)
            return
        except rebuild.DAMAGED:
            if self._readonly or not mend:
                raise
        if inode:
            clear = functools.partial(secret.opened, cipher=self._cipher)
            guess = rebuild.Guess(clear, is_original)
            rebuild.rebuild(self.folder, inode, _TABLES, guess)
        self._open(durable)

    def _open(self, durable: bool) -> None:
        self._env = rebuild.opened(
            self.folder,
            max_dbs=len(_TABLES),
            mode=0o600,
            # A power cut may lose the last transaction, never the store.
            metasync=False,
            sync=durable,
            readonly=self._readonly,
            lock=True,
        )
        try:
            # A reader that was killed would keep all old pages from being used again.
            self._env.reader_check()
            self._whole()
            opened = {name: self._open_table(name) for name in _TABLES}
            self._tables = {name: table for name, table in opened.items() if table is not None}
            self._mine = rebuild.enter(self.folder, needed=not self._readonly)
            atexit.register(self._leave)
            self._same_format()
        except BaseException:
            self.close()
            raise

    def _same_format(self) -> None:
        """Raises StoreError at what a newer version has written; what an older one has stays."""
        found = self.get("meta", _FORMAT_KEY)
        if found is None and not self._readonly:
            batch = Batch()
            batch.put("meta", _FORMAT_KEY, bytes([FORMAT]))
            self.write(batch)
        elif found and found[0] > FORMAT:
            raise StoreError(
                f"the store in {self.folder} was written by a newer headroom",
                "upgrade this one, or set HEADROOM_HOME to another folder",
            )

    def _whole(self) -> None:
        """Raises lmdb.CorruptedError at a truncated file: LMDB maps it into memory, and to read
        beyond its end would kill the process."""
        # In this order: writers make the file longer before they record its new size.
        used, there = self.size(), (self.folder / "data.mdb").stat().st_size
        if there < used:
            raise lmdb.CorruptedError(f"{there} of {used} bytes are left")

    def _open_table(self, name: str) -> lmdb._Database | None:
        try:
            return self._env.open_db(name.encode(), create=not self._readonly)
        except lmdb.NotFoundError:
            # Opened to read only, before anything was written to this table.
            return None

    @property
    def away(self) -> bool:
        """Whether the part of the store that is shared with other machines cannot be reached."""
        return False

    @property
    def epoch(self) -> int:
        """A number that changes when rows that were read before may have been replaced."""
        return 0

    @property
    def complete(self) -> bool:
        """Whether all tables are there; a reader that came too early must open the store again."""
        return len(self._tables) == len(_TABLES)

    @contextmanager
    def _read(self) -> Iterator[lmdb.Transaction]:
        try:
            with self.gate.inside(), self._env.begin() as txn:
                yield txn
        except lmdb.Error as problem:
            raise self._failed("read", problem) from problem

    @contextmanager
    def _change(self, what: str = "write to", advice: str = "") -> Iterator[lmdb.Transaction]:
        try:
            with self.gate.inside(), self._env.begin(write=True) as txn:
                yield txn
        except lmdb.Error as problem:
            raise self._failed(what, problem, advice) from problem

    def _failed(self, what: str, problem: lmdb.Error, otherwise: str = "") -> StoreError:
        if isinstance(problem, rebuild.DAMAGED) and not self._readonly:
            rebuild.sign(self.folder)
        words = f"cannot {what} the store in {self.folder}: {problem}"
        return StoreError(words, _hint(problem, otherwise))

    def write(self, batch: Batch) -> dict[bytes, bytes]:
        """Put a batch down in one durable transaction.

        Returns the verdicts that another process wrote first: those stand, ours are dropped.
        """
        standing: dict[bytes, bytes] = {}
        seal = self._cipher.seal if self._cipher else bytes
        with self._change(advice=_FREE) as txn:
            self._count(txn, batch.counts)
            for name, rows in batch.rows.items():
                table = self._tables[name]
                for key, plain in rows.items():
                    value = seal(plain) if name in _SECRET else plain
                    if txn.put(key, value, db=table, overwrite=name != "verdicts"):
                        continue
                    stood = bytes(txn.get(key, db=table) or b"")
                    standing[key] = secret.opened(stood, self._cipher)
        return standing

    def _count(self, txn: lmdb.Transaction, counts: Mapping[bytes, Sequence[float]]) -> None:
        table = self._tables["sums"]
        if counts and not txn.stat(self._tables["ledger"])["entries"]:
            txn.put(WHOLE, b"1", db=table)
        for key, values in counts.items():
            stood = unpack_counts(bytes(txn.get(key, db=table) or b""))
            whole = added(stood, values) if len(stood) == len(values) else values
            txn.put(key, pack_counts(whole), db=table)

    def recount(self, rows: Batch, since: bytes, seen: frozenset[bytes]) -> list[bytes]:
        """Replaces all sums by those of a batch, unless the ledger has rows from `since` on that
        are not `seen`: these are returned then, and nothing is changed."""
        with self._change() as txn:
            with txn.cursor(db=self._tables["ledger"]) as cursor:
                found = cursor.iternext(values=False) if cursor.set_range(since) else ()
                missed = [bytes(key) for key in found if bytes(key) not in seen]
            if missed:
                return missed
            txn.drop(self._tables["sums"], delete=False)
            self._count(txn, rows.counts)
            for key, value in rows.rows.get("sums", {}).items():
                txn.put(key, value, db=self._tables["sums"])
            txn.put(WHOLE, b"1", db=self._tables["sums"])
            return []

    def get(self, table: str, key: bytes) -> bytes | None:
        """One row, or None."""
        return self.get_many(table, [key]).get(key)

    def get_many(self, table: str, keys: list[bytes]) -> dict[bytes, bytes]:
        """The rows that exist under `keys`."""
        if table not in self._tables:
            return {}
        with self._read() as txn:
            found = {key: txn.get(key, db=self._tables[table]) for key in keys}
        rows = {key: bytes(value) for key, value in found.items() if value is not None}
        if table in _SECRET:
            return {key: secret.opened(row, self._cipher) for key, row in rows.items()}
        return rows

    def scan(self, table: str, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """The rows of a table from `start` on, in key order, as of now."""
        if table not in self._tables:
            return
        with self._read() as txn, txn.cursor(db=self._tables[table]) as cursor:
            if cursor.set_range(start):
                for key, value in cursor:
                    row = bytes(value)
                    yield bytes(key), secret.opened(row, self._cipher) if table in _SECRET else row

    def latest(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """The rows of a table, the last key first, as of now."""
        if table not in self._tables:
            return
        with self._read() as txn, txn.cursor(db=self._tables[table]) as cursor:
            if cursor.last():
                yield from ((bytes(key), bytes(value)) for key, value in cursor.iterprev())

    def rows_in(self, table: str) -> int:
        """How many rows a table has."""
        if table not in self._tables:
            return 0
        with self._read() as txn:
            return int(txn.stat(self._tables[table])["entries"])

    def version(self) -> int:
        """A number that changes with every transaction of any process."""
        return int(self._env.info()["last_txnid"])

    def delete(self, table: str, keys: list[bytes]) -> None:
        """Remove rows; keys that are not there are fine."""
        with self._change("delete in") as txn:
            for key in keys:
                txn.delete(key, db=self._tables[table])

    def stamp(self, name: str, at: float) -> None:
        """Remember when something was done last."""
        batch = Batch()
        batch.put("meta", name.encode(), int(at).to_bytes(8, "big"))
        self.write(batch)

    def empty(self) -> None:
        """Remove every row of every table."""
        with self._change("empty") as txn:
            for table in self._tables.values():
                txn.drop(table, delete=False)

    def forget(self) -> int:
        """Remove everything, on other machines too; returns how many rows those had."""
        self.empty()
        return 0

    def original(self, prefix: str) -> Original | None:
        """The original whose hash begins with `prefix` (hex, ≥ 6 digits, unambiguous), or None."""
        if len(prefix) < 6 or set(prefix) - set("0123456789abcdef"):
            return None
        start = bytes.fromhex(prefix + "0" * (len(prefix) % 2))
        found: list[tuple[bytes, bytes]] = []
        for key, value in self.scan("originals", start):
            if not key.hex().startswith(prefix) or len(found) == 2:
                break
            found.append((key, value))
        return unpacked(*found[0]) if len(found) == 1 else None

    def kept(self) -> tuple[int, int]:
        """The number of originals, and the bytes of the whole store."""
        return self.rows_in("originals"), self.size()

    def size(self) -> int:
        """Bytes of the data file that are in use."""
        info, stat = self._env.info(), self._env.stat()
        return int((info["last_pgno"] + 1) * stat["psize"])

    def close(self) -> None:
        self._env.close()
        self._leave()

    def inherited(self) -> None:
        """Called in a forked child: closes the parent's environment, which a child must not use, so
        that it can open its own."""
        if self.gate.calm:
            self.close()

    def _leave(self) -> None:
        atexit.unregister(self._leave)
        # Not in a child that was forked off.
        if self._mine is not None and self._mine.name.endswith(f".{os.getpid()}"):
            rebuild.leave(self._mine)


def _hint(problem: Exception, otherwise: str) -> str:
    if isinstance(problem, rebuild.DAMAGED):
        return "it is damaged: `headroom doctor` builds it anew"
    if isinstance(problem, lmdb.MemoryError):
        return "it needs 256 MB of address space: raise the limit of `ulimit -v`"
    full = isinstance(problem, lmdb.DiskError) or getattr(problem, "errno", 0) == errno.ENOSPC
    return _FREE if full else otherwise


class Batch:
    """Rows to put down together."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[bytes, bytes]] = {}
        self.counts: dict[bytes, Sequence[float]] = {}

    def count(self, key: bytes, values: Sequence[float]) -> None:
        """Adds numbers to those that stand under a key of `sums`."""
        stood = self.counts.get(key)
        self.counts[key] = added(stood, values) if stood else values

    def put(self, table: str, key: bytes, value: bytes) -> None:
        self.rows.setdefault(table, {})[key] = value

    def put_original(self, text: str, origin: Origin, project: str = "") -> str:
        """Adds an original; returns its hash."""
        name, now = digest(text), time.time()
        self.put("originals", bytes.fromhex(name), packed(text, origin, project, now))
        self.put("uses", bytes.fromhex(name), int(now).to_bytes(8, "big"))
        return name

    def update(self, table: str, rows: Mapping[bytes, bytes]) -> None:
        self.rows.setdefault(table, {}).update(rows)


def added(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [a + b for a, b in zip(one, other, strict=True)]


def pack_counts(values: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)


def unpack_counts(packed: bytes) -> tuple[float, ...]:
    """The numbers in a row of `sums`; none where there are no such numbers."""
    count, rest = divmod(len(packed), 8)
    return () if rest else struct.unpack(f"<{count}d", packed)


def touched(names: Iterable[str]) -> Batch:
    """A batch that says: the originals with these hashes are in use now."""
    batch = Batch()
    stamp = int(time.time()).to_bytes(8, "big")
    batch.update("uses", {bytes.fromhex(name): stamp for name in names})
    return batch


def existing(folder: Path, cipher: Cipher | None = None) -> Store | None:
    """The store in a folder, to read only; None where there is none."""
    there = (folder / "data.mdb").is_file()
    return Store(folder, readonly=True, cipher=cipher) if there else None


def ephemeral() -> Store:
    """A store that leaves nothing behind, however its process ends: its files have no names."""
    memory = Path("/dev/shm")
    place = str(memory) if os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="headroom-", dir=place))
    try:
        return Store(folder, durable=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
