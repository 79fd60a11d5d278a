"""Running sums beside the rows, so that a view costs the same after a million of them.

They are written in the transaction of the row they count, and can be rebuilt from the rows.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from headroom_wrap.ledger.row import Row, decode
from headroom_wrap.ledger.total import Total, counted, counts, of_result, of_row
from headroom_wrap.original import UNREADABLE
from headroom_wrap.store import WHOLE, Batch, Store, unpack_counts

# Every time zone's midnight lies on a quarter of an hour.
QUARTER = 900
_LABEL_BYTES = 440
_EVER = 0
_HOUR_NS = 3600 * 10**9

KINDS = {
    "all": b"a",
    "agent": b"g",
    "project": b"p",
    "model": b"m",
    "wire": b"w",
    "tool": b"t",
    "compressor": b"c",
    # Only as a whole, not by time: there may be very many.
    "session": b"s",
    "session tool": b"x",
    "session compressor": b"y",
}
_FACTS = b"F"


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """A session as its last exchange saw it; `context` is the size of the prompt in tokens."""

    session: str
    agent: str
    project: str
    model: str
    at: float
    context: int
    observed: bool = False


_facts = msgspec.msgpack.Decoder(Facts).decode


def key(kind: str, quarter: int, label: str = "", observed: bool = False) -> bytes:
    """Where a sum stands. Observed exchanges (nothing was changed) are counted apart."""
    name = label.encode("utf-8", "surrogatepass")
    if len(name) > _LABEL_BYTES:
        name = name[: _LABEL_BYTES - 16] + hashlib.blake2b(name, digest_size=16).digest()
    return _prefix(kind, observed) + quarter.to_bytes(4, "big") + name


def count(batch: Batch, row: Row) -> None:
    """Adds an exchange to all the sums it belongs to."""
    quarter, seen = max(int(row.at) // QUARTER, 1), row.observed
    numbers = counts(of_row(row))
    for kind in ("all", "agent", "project", "model", "wire"):
        label = "" if kind == "all" else getattr(row, kind)
        for when in (_EVER, quarter):
            batch.count(key(kind, when, label, seen), numbers)
    batch.count(key("session", _EVER, row.session, seen), numbers)
    for shown in row.new:
        numbers = counts(of_result(shown))
        for kind, label in (("tool", shown.tool), ("compressor", shown.compressor)):
            for when in (_EVER, quarter):
                batch.count(key(kind, when, label, seen), numbers)
            whose = f"{row.session}\0{label}"
            batch.count(key(f"session {kind}", _EVER, whose, seen), numbers)
    facts = Facts(row.session, row.agent, row.project, row.model, row.at, row.prompt, row.observed)
    batch.put("sums", _facts_key(row), msgspec.msgpack.encode(facts))


def ever(store: Store, kind: str, of: str = "", observed: bool = False) -> dict[str, Total]:
    """All sums of a kind since the first row, by label. `of` is a session, for its kinds."""
    start = key(kind, _EVER, f"{of}\0" if of else "", observed)
    skip = len(start) if of else len(start[:6])
    found = _from(store, start, start)
    return {_label(name[skip:]): total for name, total in found}


def since(store: Store, kind: str, at: float, observed: bool = False) -> dict[str, Total]:
    """Sums of a kind from the quarter of an hour around `at` on, by label."""
    found: dict[str, Total] = {}
    for _, label, total in quarters(store, kind, at, observed):
        found.setdefault(label, Total()).merge(total)
    return found


def quarters(
    store: Store, kind: str, at: float, observed: bool = False
) -> Iterator[tuple[int, str, Total]]:
    """The start (seconds since the epoch), label and sum of each quarter of an hour."""
    start = key(kind, max(int(at) // QUARTER, 1), "", observed)
    for name, total in _from(store, start, start[:2]):
        yield int.from_bytes(name[2:6], "big") * QUARTER, _label(name[6:]), total


def unpacked(packed: bytes) -> Total:
    """The sum in a row of the store."""
    return counted(unpack_counts(packed))


def session(store: Store, name: str) -> tuple[Total, bool]:
    """The sum of a session, and whether it only observed."""
    for observed in (False, True):
        where = key("session", _EVER, name, observed)
        packed = store.get("sums", where)
        if packed is not None:
            return unpacked(packed), observed
    return Total(), False


def sessions(store: Store) -> dict[str, Facts]:
    """All sessions, in no order."""
    found: dict[str, Facts] = {}
    for name, value in store.scan("sums", _FACTS):
        if not name.startswith(_FACTS):
            break
        try:
            facts = _facts(value)
        except UNREADABLE:
            continue
        # Side questions (a title, say) without tool results come first: what follows stands.
        earlier = found.get(facts.session)
        if earlier and earlier.at > facts.at:
            facts = msgspec.structs.replace(facts, at=earlier.at)
        found[facts.session] = facts
    return found


def whole(store: Store) -> bool:
    """Whether the sums hold every row, as they do unless the rows are older than the sums."""
    return store.get("sums", WHOLE) is not None or not store.rows_in("ledger")


def rebuild(store: Store) -> None:
    """Counts all rows again, at today's prices. Writers wait for the last moment of it only."""
    batch, last = Batch(), b""
    recent: list[bytes] = []
    for name, value in store.scan("ledger"):
        last = max(last, name)
        recent.append(name)
        if len(recent) > 1 << 16:
            recent = _lately(recent, last)
        _count_packed(batch, value)
    # Rows are put down when they end but sort by their start: a few may come late.
    start = _lately_start(last)
    seen = frozenset(recent)
    while missed := store.recount(batch, start, seen):
        for name, value in store.get_many("ledger", missed).items():
            _count_packed(batch, value)
            seen |= {name}


def _count_packed(batch: Batch, value: bytes) -> None:
    try:
        count(batch, decode(value))
    except UNREADABLE:
        return


def _lately_start(last: bytes) -> bytes:
    return max(int.from_bytes(last[:8], "big") - _HOUR_NS, 0).to_bytes(8, "big")


def _lately(names: Iterable[bytes], last: bytes) -> list[bytes]:
    start = _lately_start(last)
    return [name for name in names if name >= start]


def _from(store: Store, start: bytes, prefix: bytes) -> Iterator[tuple[bytes, Total]]:
    for name, value in store.scan("sums", start):
        if not name.startswith(prefix):
            return
        yield name, unpacked(value)


@functools.cache
def _prefix(kind: str, observed: bool) -> bytes:
    return KINDS[kind] + (b"o" if observed else b"r")


def _facts_key(row: Row) -> bytes:
    return _FACTS + (b"1" if row.blocks else b"0") + key("session", _EVER, row.session)


def _label(name: bytes) -> str:
    return name.decode("utf-8", "replace")
