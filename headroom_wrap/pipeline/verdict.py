"""A verdict: what was decided about one tool result when it was first seen, replayed for ever."""

from __future__ import annotations

import hashlib
import re

import msgspec
import zstandard

from headroom_wrap.original import UNREADABLE
from headroom_wrap.types import Block, Level

POLICY = 3
_UNIQUE_ID = 12
_HASH = re.compile(r"[0-9a-f]{32}")
# `functions.Bash:3`: the third call of every conversation.
_COUNTED = re.compile(r"[:._-]\d{1,4}\Z")


class Verdict(msgspec.Struct, frozen=True, array_like=True):
    """`text` is the zstd-compressed text that is sent instead; None leaves the block alone.

    `hash` names the original, `before` and `after` are o200k tokens, marker included. `bases` are
    keys of verdicts on results that the text leans on: without them in full it means nothing.
    """

    hash: str
    reason: str
    compressor: str = ""
    before: int = 0
    after: int = 0
    text: bytes | None = None
    spilled: bool = False
    level: str = Level.SAFE.value
    policy: int = POLICY
    bases: tuple[bytes, ...] = ()

    @property
    def sent(self) -> str | None:
        """The text that is sent instead of the original, or None."""
        if self.text is None:
            return None
        return unpack(self.text)

    @property
    def sent_tokens(self) -> int:
        """Tokens of what is really sent (a verdict from an observed session sends the original)."""
        return self.before if self.text is None else self.after

    def kept(self, reason: str) -> Verdict:
        """The same, but the block is sent as it is."""
        return msgspec.structs.replace(self, text=None, reason=reason, bases=())


def pack(text: str) -> bytes:
    # What a disk has damaged must not be sent for what was sent before.
    return zstandard.ZstdCompressor(write_checksum=True).compress(
        text.encode("utf-8", "surrogatepass")
    )


def unpack(packed: bytes) -> str:
    raw = zstandard.ZstdDecompressor().decompress(packed, max_output_size=1 << 31)
    return raw.decode("utf-8", "surrogatepass")


def key(block: Block, name: str) -> bytes:
    """The store's key for a block whose text has the hash `name`.

    Level and policy are not part of it: a conversation keeps the verdicts it began with. Call
    ids that are no unique names (`call_0`) are told apart by what was asked.
    """
    parts = [name, block.call_id]
    if len(block.call_id) < _UNIQUE_ID or _COUNTED.search(block.call_id):
        parts.append(block.query)
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=16).digest()


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Verdict).decode


def readable(row: bytes) -> Verdict | None:
    """The verdict in a row of the store; None where the row is damaged."""
    try:
        found = decode(row)
        if not _HASH.fullmatch(found.hash):
            return None
        return found if found.text is None or unpack(found.text) else None
    except UNREADABLE:
        return None
