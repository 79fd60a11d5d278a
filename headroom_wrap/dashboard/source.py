"""Snapshots out of the store, whether it is there yet, stays there, or is replaced."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from headroom_wrap import ledger, prices
from headroom_wrap.dashboard.snapshot import Session, Snapshot
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import Row, sums
from headroom_wrap.ledger.sums import Facts
from headroom_wrap.ledger.total import Total
from headroom_wrap.report.period import midnight
from headroom_wrap.report.results import Texts, texts
from headroom_wrap.store import Store, existing

_ROWS = 400
_SEARCHED = 20_000
_SESSIONS = 200


class Source:
    """Reads; writes only where rows are older than their sums, which it then adds up once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store: Store | None = None
        self._file: tuple[int, int] | None = None
        self._problem: StoreError | None = None
        """Why the file cannot be opened; it is not tried again before it is another file."""
        self._counter: threading.Thread | None = None

    def version(self) -> object:
        """Something that is another when there is something new to show."""
        try:
            self._attend()
        except StoreError as problem:
            return self._file, str(problem)
        counting = bool(self._counter and self._counter.is_alive())
        return self._file, self._store.version() if self._store else 0, counting

    def read(self, picked: str = "", now: float = 0.0) -> Snapshot:
        """The snapshot of this moment; says what is wrong where it cannot be read."""
        now = now or time.time()
        try:
            self._attend()
            return self._read(self._store, picked, now) if self._store else Snapshot(now)
        except StoreError as problem:
            return Snapshot(now, problem=str(problem))

    def texts(self, shown: ledger.Shown) -> Texts:
        """A result in full."""
        return texts(self._store, shown) if self._store else Texts(None, None)

    def close(self) -> None:
        # Not under a thread that is writing to it.
        if self._store and not (self._counter and self._counter.is_alive()):
            self._store.close()
            self._store = None

    def _attend(self) -> None:
        """Opens the store when there is one, and again when it is another. Raises StoreError."""
        try:
            found = os.stat(self._folder / "data.mdb")
        except OSError:
            file = None
        else:
            file = (found.st_dev, found.st_ino)
        counting = self._counter and self._counter.is_alive()
        if counting or (file == self._file and (self._store is None or self._store.complete)):
            if self._problem is not None:
                raise self._problem
            return
        self.close()
        self._file, self._problem = file, None
        try:
            self._open()
        except StoreError as problem:
            self._problem = problem
            raise

    def _open(self) -> None:
        self._store = existing(self._folder)
        if self._store and not sums.whole(self._store):
            self.close()
            self._store = writable = Store(self._folder, mend=False)
            self._counter = threading.Thread(target=_add_up, args=(writable,), daemon=True)
            self._counter.start()

    def _read(self, store: Store, picked: str, now: float) -> Snapshot:
        today = sums.since(store, "all", midnight(now)).get("", Total())
        whole = sums.ever(store, "all").get("", Total())
        latest = ledger.latest(store)
        if picked:
            latest = (row for row in islice(latest, _SEARCHED) if row.session == picked)
        rows = tuple(islice(latest, _ROWS))
        kinds = ("session tool", "session compressor") if picked else ("tool", "compressor")
        tools, compressors = (_ranked(_ever(store, kind, picked, rows)) for kind in kinds)
        counting = self._counter is not None and self._counter.is_alive()
        known = sums.sessions(store)
        return Snapshot(
            now,
            today,
            whole,
            _sessions(store, known.values()),
            tools,
            compressors,
            rows,
            picked,
            len(known),
            store.rows_in("ledger") if counting else 0,
            home=os.path.expanduser("~"),
        )


def _add_up(store: Store) -> None:
    try:
        sums.rebuild(store)
    except StoreError:
        # The screen goes on without sums; `headroom perf` will say what is wrong.
        return


def _ever(store: Store, kind: str, picked: str, rows: tuple[Row, ...]) -> dict[str, Total]:
    found = sums.ever(store, kind, picked)
    observed = not found and any(row.observed for row in rows)
    return sums.ever(store, kind, picked, True) if observed else found


def _ranked(found: dict[str, Total]) -> dict[str, Total]:
    return dict(sorted(found.items(), key=lambda each: (-each[1].first_before, each[0])))


def _sessions(store: Store, known: Iterable[Facts]) -> tuple[Session, ...]:
    found = sorted(known, key=lambda facts: -facts.at)[:_SESSIONS]
    keys = {f.session: sums.key("session", 0, f.session, f.observed) for f in found}
    packed = store.get_many("sums", list(keys.values()))
    return tuple(
        Session(facts, sums.unpacked(packed.get(keys[facts.session], b"")), _limit(facts.model))
        for facts in found
    )


def _limit(model: str) -> int:
    if model.endswith("[1m]"):
        return 1_000_000
    price = prices.find(model)
    return price.context if price else 0
