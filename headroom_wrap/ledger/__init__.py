"""The ledger: one row per exchange with a model, and what they add up to; read by every view."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from headroom_wrap.ledger import sums
from headroom_wrap.ledger.row import Row, Shown, continued, decode, encode, replace
from headroom_wrap.original import UNREADABLE
from headroom_wrap.store import Batch, Store

__all__ = ["Row", "Shown", "append", "continued", "latest", "now", "of_session", "replace", "rows"]


def append(batch: Batch, row: Row) -> None:
    """Adds a row to a batch, and to the sums; rows sort by time, and two in one nanosecond stay
    apart."""
    encoded = encode(row)
    batch.put("ledger", _key(row.at) + os.urandom(4), encoded)
    sums.count(batch, decode(encoded))


def rows(store: Store, since: float = 0.0) -> Iterator[Row]:
    """Rows from `since` (seconds since the epoch) on, oldest first; unreadable ones are skipped."""
    for _, value in store.scan("ledger", _key(since)):
        try:
            yield decode(value)
        except UNREADABLE:
            continue


def latest(store: Store) -> Iterator[Row]:
    """Rows, the newest first; unreadable ones are skipped."""
    for _, value in store.latest("ledger"):
        try:
            yield decode(value)
        except UNREADABLE:
            continue


def of_session(store: Store, session: str) -> Iterator[Row]:
    """Rows of one session, oldest first."""
    name = session.encode("utf-8", "surrogatepass")
    for _, value in store.scan("ledger"):
        # Most rows are another session's, and decoding is what takes time.
        if name in value:
            try:
                row = decode(value)
            except UNREADABLE:
                continue
            if row.session == session:
                yield row


def now() -> float:
    """The ledger's clock."""
    return time.time()


def _key(at: float) -> bytes:
    return int(at * 1e9).to_bytes(8, "big")
