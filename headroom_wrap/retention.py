"""How long originals and proofs are kept: while a session can be resumed, and within a size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from headroom_wrap import prefix, spill
from headroom_wrap.original import project_of
from headroom_wrap.store import Store

DAYS = 30.0
LARGEST = 2 << 30
_DAY = 86400.0
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """An original as far as keeping it goes; `used` is seconds since the epoch."""

    key: bytes
    size: int
    used: float
    project: str


def prune(store: Store, before: float, live: Mapping[str, float], largest: int = LARGEST) -> int:
    """Removes what was last used before a time (seconds since the epoch), and of the rest the
    oldest until it fits `largest` bytes; returns how many originals went.

    `live` is `spill.live_since(…)`: what a live session may still name stays in any case.
    """
    there = sorted(_originals(store), key=lambda kept: kept.used)
    total = sum(kept.size for kept in there)
    gone: list[bytes] = []
    for kept in there:
        if kept.used >= before and total <= largest:
            break
        if kept.used < live.get(spill.folder_name(kept.project), float("inf")):
            gone.append(kept.key)
            total -= kept.size
    _delete(store, ("originals", "uses"), gone)
    day = before // _DAY
    old = [key for key, row in store.scan("prefixes") if prefix.age_day(row) < day]
    _delete(store, ("prefixes",), old)
    return len(gone)


def daily(
    store: Store,
    now: float,
    live: Mapping[str, float],
    days: float = DAYS,
    largest: int = LARGEST,
) -> int:
    """`prune` once a day, whoever asks."""
    last = store.get("meta", b"pruned")
    if last is not None and now - int.from_bytes(last, "big") < _DAY:
        return 0
    store.stamp("pruned", now)
    return prune(store, now - days * _DAY, live, largest)


def _originals(store: Store) -> Iterable[Kept]:
    uses = dict(store.scan("uses"))
    for key, value in store.scan("originals"):
        used = float(int.from_bytes(uses.get(key, b""), "big"))
        yield Kept(key, len(value), used, project_of(value))


def _delete(store: Store, tables: Iterable[str], keys: list[bytes]) -> None:
    # In pieces: a writer in another process waits for one of them only.
    for at in range(0, len(keys), _CHUNK):
        for table in tables:
            store.delete(table, keys[at : at + _CHUNK])
