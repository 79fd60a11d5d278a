"""The ledger: one row per exchange with a model, read by every view."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import msgspec

from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Usage


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What was done to one tool result when it was first seen; tokens are o200k."""

    hash: str
    tool: str
    command: str
    compressor: str
    reason: str
    before: int
    after: int


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exchange. Token counts of results are o200k; `usage` is the provider's own."""

    at: float
    session: str
    agent: str
    project: str
    wire: str
    model: str
    status: int
    conversation: str = ""
    blocks: int = 0
    new_before: int = 0
    new_after: int = 0
    old_before: int = 0
    old_after: int = 0
    new: list[Shown] = []
    usage: Usage | None = None
    overhead_ms: float = 0.0
    broken: int = 0
    """Messages whose forwarded bytes differ from what was forwarded before: must stay 0."""
    cold: bool = False
    """A cold point: old results left here, which is no break."""
    observed: bool = False
    """The figures are what would have been saved; nothing was changed."""

    @property
    def before(self) -> int:
        return self.new_before + self.old_before

    @property
    def after(self) -> int:
        return self.new_after + self.old_after

    @property
    def saved(self) -> int:
        return self.before - self.after


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Row).decode


def _key(at: float) -> bytes:
    return int(at * 1e9).to_bytes(8, "big")


def append(batch: Batch, row: Row) -> None:
    """Adds a row to a batch; rows sort by time, and two in one nanosecond stay apart."""
    batch.put("ledger", _key(row.at) + os.urandom(4), _encode(row))


def rows(store: Store, since: float = 0.0) -> Iterator[Row]:
    """Rows from `since` (seconds since the epoch) on, oldest first; unreadable ones are skipped."""
    for _, value in store.scan("ledger", _key(since)):
        try:
            yield _decode(value)
        except msgspec.MsgspecError:
            continue


def replace(row: Row, **changes: object) -> Row:
    """A copy of a row with some fields changed."""
    return msgspec.structs.replace(row, **changes)


def now() -> float:
    """The ledger's clock."""
    return time.time()
