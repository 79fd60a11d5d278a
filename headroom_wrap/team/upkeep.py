"""What a proxy does beside its requests: old originals go, other replicas' exchanges come in."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import msgspec

from headroom_wrap import retention, spill
from headroom_wrap.alone import first
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import sums
from headroom_wrap.ledger.row import decode
from headroom_wrap.store import Batch, Store
from headroom_wrap.team.shared import Shared
from headroom_wrap.team.terms import Terms

_log = logging.getLogger(__name__)
_PAUSE = 5.0
_ROWS = 500
_SEEN = b"followed"


class Upkeep:
    """A thread over any number of stores, from `start` to `stop`."""

    def __init__(self, originals: Path) -> None:
        self._originals = originals
        self._stores: list[tuple[Store, Terms]] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def add(self, store: Store, terms: Terms) -> None:
        """One more store to look after."""
        self._stores.append((store, terms))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(_PAUSE):
            for store, terms in list(self._stores):
                try:
                    self._look_after(store, terms)
                except (StoreError, OSError) as problem:
                    # Were this thread to end, nothing would be removed any more.
                    _log.error("%s: tried again later", problem)

    def _look_after(self, store: Store, terms: Terms) -> None:
        live = spill.live_since(self._originals)
        largest = terms.max_bytes or retention.LARGEST
        retention.daily(store, time.time(), live, terms.days, largest)
        if isinstance(store, Shared) and not store.away:
            store.heed()
            store.hand_in_later()
            while follow(store) == _ROWS and not self._end.is_set():
                pass


def follow(store: Shared) -> int:
    """Takes exchanges of other replicas into the ledger here; how many there were to look at."""
    # Two would take the same rows into the same ledger.
    with first(store.folder / "follow.lock") as mine:
        if not mine:
            return 0
        last = store.get("meta", _SEEN) or b"0"
        news = store.news(last, _ROWS)
        known = store.get_many("ledger", [key for _, key, _ in news])
        batch = Batch()
        for seen, key, row in news:
            batch.put("meta", _SEEN, seen)
            if key in known:
                continue
            known[key] = row
            batch.put("ledger", key, row)
            try:
                sums.count(batch, decode(row))
            except msgspec.MsgspecError:
                continue
        if news:
            store.write_here(batch)
        return len(news)
