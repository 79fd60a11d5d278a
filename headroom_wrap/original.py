"""An original as a row of the store: packed, and held against its hash when it is read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec
import zstandard

from headroom_wrap.errors import StoreError
from headroom_wrap.types import Origin

_HASH_BYTES = 16
_LONGEST = 1 << 31
_AGAIN = "run the command again that printed it"
# What reading a row raises that a disk has damaged, or another version has written.
UNREADABLE = (msgspec.MsgspecError, zstandard.ZstdError, UnicodeDecodeError, MemoryError)


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


_unpacked = msgspec.msgpack.Decoder(_Packed).decode


def packed(text: str, origin: Origin, project: str, created: float) -> bytes:
    """The row of an original."""
    body = zstandard.ZstdCompressor().compress(text.encode("utf-8", "surrogatepass"))
    words = (origin.tool, origin.command, origin.path, project)
    # A folder that is no UTF-8, half an emoji in a command.
    tool, command, path, where = (w.encode("utf-8", "replace").decode() for w in words)
    return msgspec.msgpack.encode(_Packed(body, tool, command, path, where, created))


def unpacked(key: bytes, row: bytes) -> Original:
    """The original in a row; raises StoreError where the row is damaged."""
    try:
        found = _unpacked(row)
        text = zstandard.ZstdDecompressor().decompress(found.body, max_output_size=_LONGEST)
        whole = text.decode("utf-8", "surrogatepass")
    except UNREADABLE as problem:
        raise StoreError(f"the original {key.hex()[:8]} is damaged: {problem}", _AGAIN) from problem
    if digest(whole) != key.hex():
        raise StoreError(f"the original {key.hex()[:8]} is damaged", _AGAIN)
    origin = Origin(found.tool, found.command, found.path)
    return Original(key.hex(), whole, origin, found.project, found.created)


def is_original(key: bytes, row: bytes) -> bool:
    """Whether this is the row of an original, under its own hash."""
    try:
        return len(key) == _HASH_BYTES and unpacked(key, row).hash == key.hex()
    except StoreError:
        return False


def project_of(row: bytes) -> str:
    """The project in a row; "" where the row is damaged."""
    try:
        return _unpacked(row).project
    except UNREADABLE:
        return ""
