"""A store for many machines: Redis says what stands, LMDB remembers it here.

While Redis is away, verdicts and originals are put down here and noted; they are handed in when it
is back, and what was put there first stands then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from headroom_wrap import secret
from headroom_wrap.errors import AwayError, StoreError
from headroom_wrap.original import Original
from headroom_wrap.secret import Cipher
from headroom_wrap.store import HIDDEN, Batch, Store
from headroom_wrap.team.link import Command, Link
from headroom_wrap.team.names import LAST, Names, for_all, owed

_log = logging.getLogger(__name__)
DAY = 86400
_OWED, _HEEDED = b"owed/", b"heeded"
_CHUNK = 200
_LEDGER_ROWS = 100_000
_ABSENT = 1 << 16
# What was decided must not outlive what it was decided about.
_LONGER = DAY

Rows = dict[bytes, bytes]
Run = Callable[[Sequence[Command]], list[Any]]


class Shared(Store):
    """As any store; `days` is how long rows stay in Redis after their last use."""

    def __init__(
        self,
        folder: Path,
        link: Link,
        tenant: str = "all",
        days: float = 30.0,
        cipher: Cipher | None = None,
    ) -> None:
        # Before the store is opened: it reads and writes then.
        self._link = link
        self._names = Names(tenant)
        self._seconds = max(int(days * DAY), 60)
        self._handing_in = threading.Lock()
        self._settled = 0
        self._absent: OrderedDict[bytes, None] = OrderedDict()
        super().__init__(folder, cipher=cipher)
        link.returned.append(self.hand_in)
        if not link.away:
            self.hand_in_later()

    @property
    def away(self) -> bool:
        return self._link.away

    @property
    def epoch(self) -> int:
        return self._link.epoch + self._settled

    def get_many(self, table: str, keys: list[bytes]) -> dict[bytes, bytes]:
        asked = [key for key in keys if for_all(table, key) and key not in self._absent]
        # Who went on with a conversation meanwhile is not known here.
        fresh = [key for key in asked if table == "meta" and key.startswith(LAST)]
        local = super().get_many(table, [key for key in keys if key not in fresh])
        wanted = [key for key in asked if key not in local]
        if self.away or not asked:
            return local
        try:
            found = self._fetch(table, wanted)
            if table == "verdicts":
                found |= self._refresh({key: local[key] for key in asked if key in local})
        except AwayError:
            return local
        self._remember(table, found)
        self._note_absent(key for key in wanted if key.startswith(HIDDEN) and key not in found)
        return {**local, **found}

    def original(self, prefix: str) -> Original | None:
        found = super().original(prefix)
        if found is not None or self.away or len(prefix) < 8:
            return found
        try:
            name = self._names.original(bytes.fromhex(prefix[:8]))
            rows = _pairs(self._link.run([("HGETALL", name)])[0])
        except (AwayError, ValueError):
            return None
        same = {key: row for key, row in rows.items() if key.hex().startswith(prefix)}
        if len(same) != 1:
            return None
        batch = Batch()
        for key, row in same.items():
            batch.put("originals", key, secret.opened(row, self._cipher))
            batch.put("uses", key, int(time.time()).to_bytes(8, "big"))
        super().write(batch)
        return super().original(prefix)

    def _cache(self, batch: Batch) -> None:
        """What stands in Redis stands, whether or not the disk here takes it."""
        try:
            super().write(batch)
        except StoreError as problem:
            _log.error("%s: it is in the shared store only", problem)

    def write(self, batch: Batch) -> dict[bytes, bytes]:
        """Raises AwayError where verdicts were to be put down and Redis has just gone away: then
        they must be made anew, for what may be left out is another question now."""
        if not self.away:
            try:
                standing = self._put(batch.rows)
            except AwayError:
                if not all(key.startswith(HIDDEN) for key in batch.rows.get("verdicts", {})):
                    raise
            else:
                self._cache(_standing(batch, standing))
                return standing
        return super().write(_owing(batch))

    def write_here(self, batch: Batch) -> None:
        """Puts down what the others have already."""
        super().write(batch)

    def news(self, after: bytes, count: int) -> list[tuple[bytes, bytes, bytes]]:
        """Exchanges of all replicas after one of them: its place, the row's key, the row."""
        stream = self._names.ledger
        (found,) = self._link.run([("XRANGE", stream, b"(" + after, "+", "COUNT", count)])
        rows = [(place, _pairs(facts)) for place, facts in found]
        return [
            (place, facts[b"key"], secret.opened(facts[b"row"], self._cipher))
            for place, facts in rows
        ]

    def forget(self) -> int:
        """Raises AwayError before anything is removed where not all of it can be."""
        found = self._link.names(self._names.all)
        for at in range(0, len(found), _CHUNK):
            self._link.run([("UNLINK", name) for name in found[at : at + _CHUNK]])
        longest = self._seconds + _LONGER
        self._link.run([("SET", self._names.forgotten, str(time.time()), "EX", longest)])
        self.heed()
        return len(found)

    def heed(self, run: Run | None = None) -> None:
        """Forgets here what was forgotten on another machine. Raises AwayError."""
        (when,) = (run or self._link.run)([("GET", self._names.forgotten)])
        if when is None or when == self.get("meta", _HEEDED):
            return
        self.empty()
        batch = Batch()
        batch.put("meta", _HEEDED, when)
        self.write_here(batch)
        self._settled += 1

    def hand_in(self) -> None:
        """Puts into Redis what was put down here while it was away. Raises AwayError."""
        with self._handing_in:
            self.heed(self._link.straight)
            notes = [key[len(_OWED) :] for key in self._owed()]
            for at in range(0, len(notes), _CHUNK):
                self._hand_in(notes[at : at + _CHUNK])

    def hand_in_later(self) -> None:
        """The same where nothing may be owed, and where it may wait."""
        if next(self._owed(), None) is None or self.away:
            return
        try:
            self.hand_in()
        except AwayError:
            return
        self._settled += 1

    def _hand_in(self, notes: list[bytes]) -> None:
        rows: dict[str, Rows] = {}
        for each in notes:
            table, _, key = each.partition(b"/")
            name = table.decode()
            rows.setdefault(name, {}).update(super().get_many(name, [key]))
        times = [key for key in rows.get("meta", {}) if key.startswith(LAST)]
        for key in times:
            del rows["meta"][key]
        # Another replica may know of a later one: better none than one that is too old.
        self._link.straight([("DEL", self._names.row("meta", key)) for key in times])
        standing = self._put(rows, self._link.straight)
        if standing:
            super().delete("verdicts", list(standing))
            self._remember("verdicts", standing)
        super().delete("meta", [_OWED + each for each in notes])

    def _owed(self) -> Iterator[bytes]:
        for key, _ in self.scan("meta", _OWED):
            if not key.startswith(_OWED):
                return
            yield key

    def _put(self, rows: dict[str, dict[bytes, bytes]], run: Run | None = None) -> Rows:
        """Originals first, then all else; the verdicts that others put down before us."""
        run = run or self._link.run
        self._put_originals(rows.get("originals", {}), run)
        run(list(self._plain(rows)))
        lost = self._touch(rows.get("uses", {}), run)
        if lost:
            self._put_originals(super().get_many("originals", lost), run)
        return self._put_verdicts(rows.get("verdicts", {}), run)

    def _put_originals(self, rows: Rows, run: Run) -> None:
        keys = list(rows)
        commands: list[Command] = []
        for key in keys:
            name = self._names.original(key)
            commands.append(("HSETNX", name, key, self._sealed(rows[key])))
            commands.append(("EXPIRE", name, self._seconds + _LONGER))
        new = [key for key, put in zip(keys, run(commands)[::2], strict=True) if put]
        run(list(self._counted(len(new), sum(len(rows[key]) for key in new))))

    def _counted(self, originals: int, size: int) -> Iterator[Command]:
        """What a quota looks at: how much came on each day that is not forgotten."""
        today = int(time.time() // DAY)
        for what, more in (("count", originals), ("bytes", size)):
            if more:
                name = self._names.counter(what, today)
                yield "INCRBY", name, more
                yield "EXPIRE", name, self._seconds + _LONGER

    def kept(self) -> tuple[int, int]:
        """How many originals came in the days that are kept, and their bytes; without Redis, those
        that are here."""
        try:
            return self._kept_by_all()
        except AwayError:
            return super().kept()

    def _kept_by_all(self) -> tuple[int, int]:
        today, days = int(time.time() // DAY), self._seconds // DAY + 1
        found = []
        for what in ("count", "bytes"):
            asked = [("GET", self._names.counter(what, today - day)) for day in range(days)]
            found.append(sum(int(number or 0) for number in self._link.run(asked)))
        return found[0], found[1]

    def requests(self) -> int:
        """One more request in this minute; how many all replicas had. Raises AwayError."""
        name = self._names.counter("requests", int(time.time() // 60))
        answers = self._link.run([("INCR", name), ("EXPIRE", name, 120)])
        return int(answers[0])

    def _put_verdicts(self, rows: Rows, run: Run) -> Rows:
        keys = list(rows)
        name = self._names.row
        sealed = self._sealed
        put: list[Command] = [
            ("SET", name("verdicts", key), sealed(rows[key]), "NX", "EX", self._seconds)
            for key in keys
        ]
        late = [key for key, done in zip(keys, run(put), strict=True) if not done]
        stood = run([("GET", name("verdicts", key)) for key in late])
        opened = {
            key: secret.opened(row, self._cipher)
            for key, row in zip(late, stood, strict=True)
            if row is not None
        }
        return {key: row for key, row in opened.items() if row != rows[key]}

    def _plain(self, rows: dict[str, dict[bytes, bytes]]) -> Iterator[Command]:
        for table in ("prefixes", "meta"):
            for key, row in rows.get(table, {}).items():
                if for_all(table, key):
                    yield "SET", self._names.row(table, key), row, "EX", self._seconds
        for key, row in rows.get("ledger", {}).items():
            stream = self._names.ledger
            facts = "key", key, "row", self._sealed(row)
            yield "XADD", stream, "MAXLEN", "~", _LEDGER_ROWS, "*", *facts
            yield "EXPIRE", stream, self._seconds

    def _touch(self, uses: Rows, run: Run) -> list[bytes]:
        """Lets originals live on; returns those that Redis has lost, but for what is being put."""
        keys = list(uses)
        asked = [("EXPIRE", self._names.original(key), self._seconds + _LONGER) for key in keys]
        return [key for key, there in zip(keys, run(asked), strict=True) if not there]

    def _fetch(self, table: str, keys: list[bytes]) -> dict[bytes, bytes]:
        groups = self._names.together(table, keys)
        asked = [("MGET", *(self._names.row(table, key) for key in group)) for group in groups]
        answers = self._link.run(asked)
        pairs = [
            pair
            for group, rows in zip(groups, answers, strict=True)
            for pair in zip(group, rows, strict=True)
        ]
        return {key: secret.opened(row, self._cipher) for key, row in pairs if row is not None}

    def _refresh(self, stood: dict[bytes, bytes]) -> dict[bytes, bytes]:
        """Verdicts that are used live on, and come back where Redis has lost them; those that
        others put there first."""
        keys = list(stood)
        asked = [("EXPIRE", self._names.row("verdicts", key), self._seconds) for key in keys]
        lost = [k for k, there in zip(keys, self._link.run(asked), strict=True) if not there]
        return self._put_verdicts({key: stood[key] for key in lost}, self._link.run)

    def _remember(self, table: str, rows: dict[bytes, bytes]) -> None:
        if rows:
            batch = Batch()
            batch.update(table, rows)
            self._cache(batch)

    def _note_absent(self, keys: Iterable[bytes]) -> None:
        """A hidden exchange is put down before its client can name it: it never comes later."""
        for key in keys:
            self._absent[key] = None
        while len(self._absent) > _ABSENT:
            self._absent.popitem(last=False)

    def _sealed(self, row: bytes) -> bytes:
        return self._cipher.seal(row) if self._cipher else row

    def close(self) -> None:
        if self.hand_in in self._link.returned:
            self._link.returned.remove(self.hand_in)
        super().close()


def _standing(batch: Batch, standing: dict[bytes, bytes]) -> Batch:
    """The same, with the verdicts that stand."""
    if standing:
        batch.rows["verdicts"] = {**batch.rows["verdicts"], **standing}
    return batch


def _owing(batch: Batch) -> Batch:
    """The same, with notes of what is to be handed in later."""
    for table, rows in list(batch.rows.items()):
        for key in list(rows):
            if owed(table, key):
                batch.put("meta", _OWED + table.encode() + b"/" + key, b"")
    return batch


def _pairs(answer: Any) -> dict[bytes, bytes]:
    """What HGETALL says, whichever way the client reads it."""
    if isinstance(answer, dict):
        return {bytes(key): bytes(row) for key, row in answer.items()}
    return dict(zip(answer[::2], answer[1::2], strict=True))
