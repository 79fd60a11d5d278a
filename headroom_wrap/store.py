"""Originals, verdicts, prefix hashes and ledger rows in one LMDB: durable before a body leaves."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import lmdb
import msgspec
import zstandard

from headroom_wrap.errors import StoreError
from headroom_wrap.types import Origin

_TABLES = ("originals", "uses", "verdicts", "prefixes", "ledger", "meta")
# Address space, not disk: the file grows as it is written to (but on Windows).
_MAP_BYTES = 1 << (30 if os.name == "nt" else 36)
_HASH_BYTES = 16
FORMAT = 1


def digest(text: str) -> str:
    """The name of an original: 32 hex digits of its SHA-256; markers show the first 8 or more."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[: 2 * _HASH_BYTES]


@dataclass(frozen=True, slots=True)
class Original:
    """A tool result as it was. Times are seconds since the epoch."""

    hash: str
    text: str
    origin: Origin
    project: str
    created: float


class _Packed(msgspec.Struct, array_like=True):
    body: bytes
    tool: str
    command: str
    path: str
    project: str
    created: float


class Store:
    """One LMDB environment, shared by any number of processes and threads.

    LMDB allows a path to be opened once per process: keep the store for the process's life.
    Every method raises StoreError when the disk refuses.
    """

    def __init__(self, folder: Path, *, readonly: bool = False) -> None:
        self.folder = folder
        self._readonly = readonly
        try:
            if not readonly:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._env = lmdb.open(
                str(folder),
                max_dbs=len(_TABLES),
                map_size=_MAP_BYTES,
                mode=0o600,
                # A power cut may lose the last transaction, never the store.
                metasync=False,
                readonly=readonly,
                lock=True,
                max_readers=512,
            )
            self._tables = {name: self._open_table(name) for name in _TABLES}
        except (lmdb.Error, OSError) as problem:
            raise StoreError(
                f"cannot open the store in {folder}: {problem}",
                "check the folder's permissions and free space, or set HEADROOM_HOME elsewhere",
            ) from problem

    def _open_table(self, name: str) -> lmdb._Database:
        return self._env.open_db(name.encode(), create=not self._readonly)

    @contextmanager
    def _read(self) -> Iterator[lmdb.Transaction]:
        try:
            with self._env.begin() as txn:
                yield txn
        except lmdb.Error as problem:
            raise StoreError(f"cannot read the store in {self.folder}: {problem}") from problem

    def write(self, batch: Batch) -> dict[bytes, bytes]:
        """Put a batch down in one durable transaction.

        Returns the verdicts that another process wrote first: those stand, ours are dropped.
        """
        try:
            return self._write_once(batch)
        except lmdb.Error as problem:
            raise StoreError(
                f"cannot write to the store in {self.folder}: {problem}",
                "free some disk space, or `headroom clear --older 7d`",
            ) from problem

    def _write_once(self, batch: Batch) -> dict[bytes, bytes]:
        standing: dict[bytes, bytes] = {}
        with self._env.begin(write=True) as txn:
            for name, rows in batch.rows.items():
                table = self._tables[name]
                for key, value in rows.items():
                    if txn.put(key, value, db=table, overwrite=name != "verdicts"):
                        continue
                    standing[key] = bytes(txn.get(key, db=table) or b"")
        return standing

    def get(self, table: str, key: bytes) -> bytes | None:
        """One row, or None."""
        with self._read() as txn:
            value = txn.get(key, db=self._tables[table])
        return None if value is None else bytes(value)

    def get_many(self, table: str, keys: list[bytes]) -> dict[bytes, bytes]:
        """The rows that exist under `keys`."""
        with self._read() as txn:
            found = {key: txn.get(key, db=self._tables[table]) for key in keys}
        return {key: bytes(value) for key, value in found.items() if value is not None}

    def scan(self, table: str, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """The rows of a table from `start` on, in key order, as of now."""
        with self._read() as txn, txn.cursor(db=self._tables[table]) as cursor:
            if cursor.set_range(start):
                yield from ((bytes(key), bytes(value)) for key, value in cursor)

    def delete(self, table: str, keys: list[bytes]) -> None:
        """Remove rows; keys that are not there are fine."""
        try:
            with self._env.begin(write=True) as txn:
                for key in keys:
                    txn.delete(key, db=self._tables[table])
        except lmdb.Error as problem:
            raise StoreError(f"cannot delete in {self.folder}: {problem}") from problem

    def stamp(self, name: str, at: float) -> None:
        """Remember when something was done last."""
        batch = Batch()
        batch.put("meta", name.encode(), int(at).to_bytes(8, "big"))
        self.write(batch)

    def empty(self) -> None:
        """Remove every row of every table."""
        try:
            with self._env.begin(write=True) as txn:
                for table in self._tables.values():
                    txn.drop(table, delete=False)
        except lmdb.Error as problem:
            raise StoreError(f"cannot empty {self.folder}: {problem}") from problem

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
        return _unpack(*found[0]) if len(found) == 1 else None

    def size(self) -> int:
        """Bytes of the data file that are in use."""
        info, stat = self._env.info(), self._env.stat()
        return int((info["last_pgno"] + 1) * stat["psize"])

    def close(self) -> None:
        self._env.close()


class Batch:
    """Rows to put down together."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[bytes, bytes]] = {}

    def put(self, table: str, key: bytes, value: bytes) -> None:
        self.rows.setdefault(table, {})[key] = value

    def put_original(self, text: str, origin: Origin, project: str = "") -> str:
        """Adds an original; returns its hash."""
        name = digest(text)
        body = zstandard.ZstdCompressor().compress(text.encode("utf-8", "surrogatepass"))
        packed = _Packed(body, origin.tool, origin.command, origin.path, project, time.time())
        self.put("originals", bytes.fromhex(name), msgspec.msgpack.encode(packed))
        self.put("uses", bytes.fromhex(name), int(packed.created).to_bytes(8, "big"))
        return name

    def update(self, table: str, rows: Mapping[bytes, bytes]) -> None:
        self.rows.setdefault(table, {}).update(rows)


def touched(names: Iterable[str]) -> Batch:
    """A batch that says: the originals with these hashes are in use now."""
    batch = Batch()
    stamp = int(time.time()).to_bytes(8, "big")
    batch.update("uses", {bytes.fromhex(name): stamp for name in names})
    return batch


def project_of(value: bytes) -> str:
    """The project in a row of `originals`."""
    return msgspec.msgpack.decode(value, type=_Packed).project


def _unpack(key: bytes, value: bytes) -> Original:
    packed = msgspec.msgpack.decode(value, type=_Packed)
    text = zstandard.ZstdDecompressor().decompress(packed.body, max_output_size=1 << 31)
    origin = Origin(packed.tool, packed.command, packed.path)
    whole = text.decode("utf-8", "surrogatepass")
    return Original(key.hex(), whole, origin, packed.project, packed.created)
