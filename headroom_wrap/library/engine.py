"""One body through the judge and the store, with the request's own query, level and target."""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap import ledger, tokens, wire
from headroom_wrap.config import Config, environment
from headroom_wrap.errors import ClosedError, StoreError
from headroom_wrap.original import digest
from headroom_wrap.pipeline import Judge, Situation, account
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.pipeline.account import Judged
from headroom_wrap.pipeline.decide import Seen, decide
from headroom_wrap.pipeline.docket import Docket
from headroom_wrap.store import Batch, Store, ephemeral
from headroom_wrap.team import choose, terms
from headroom_wrap.types import Block, Level, Turn

if TYPE_CHECKING:
    from headroom_wrap.pipeline.worker import Pool

_log = logging.getLogger(__name__)
_COUNTED = 8192
_LONG = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller asks for. `share` is the part of each text that may stay, None for no limit;
    `keep` false leaves no trace in the store; without `markers` nothing names an original."""

    level: Level = Level.SAFE
    query: str = ""
    share: float | None = None
    keep: bool = True
    markers: bool = True

    @property
    def mark(self) -> str:
        """Other wishes, other verdicts: a proxy's stay what they are."""
        spelled = f"{self.level.value}\0{self.query}\0{self.share}\0{self.markers}"
        return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Done:
    """A body, with what was done to its blocks in order."""

    body: bytes
    judged: Judged = field(default_factory=Judged)

    @property
    def transforms(self) -> tuple[str, ...]:
        names = (v.compressor.split("+") for v in self._changed())
        return tuple(dict.fromkeys(name for each in names for name in each))

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found.hash for found in self._changed()))

    def _changed(self) -> list[verdicts.Verdict]:
        return [found for found in self.judged.verdicts.values() if found.text is not None]


class Engine:
    """Thread-safe; lives as long as the store it holds open."""

    def __init__(self, store: Store, situation: Situation) -> None:
        self.store = store
        self.situation = situation
        self.pool: Pool | None = None
        """The processes that judge, where this one has streams to serve."""
        self._docket = Docket(store, situation)
        self._counts: OrderedDict[str, int] = OrderedDict()

    def shorten(self, path: str, body: bytes, wish: Wish) -> Done:
        """The body with its tool results shortened. A store that fails leaves it as it is."""
        started = time.perf_counter()
        found = wire.read("", path, body)
        if found is None:
            return Done(body)
        turn = _wishing(found[1], wish)
        try:
            judged = self._judge(turn, wish)
        except (StoreError, ClosedError) as problem:
            _log.error("%s: the messages are left as they are", problem)
            return Done(body)
        texts = {b: sent for b, v in judged.verdicts.items() if (sent := v.sent) is not None}
        if wish.keep:
            self._account(found[0].NAME, turn, judged, started)
        return Done(wire.splice(body, texts.items()), judged)

    def _judge(self, turn: Turn, wish: Wish) -> Judged:
        names = self._docket.names(turn.blocks)
        keys = verdicts.keys(names)
        known = self._docket.recall(keys.values())
        level = Level.EXACT if self.store.away else wish.level
        judge = Judge(level, share=wish.share, markers=wish.markers, pool=self.pool)
        judged = decide(turn, names, keys, known, Seen(), judge)
        if wish.keep:
            self._docket.keep(judged)
        return judged

    def _account(self, name: str, turn: Turn, judged: Judged, started: float) -> None:
        spent = 1e3 * (time.perf_counter() - started)
        row = account.row(self.situation, name, turn, judged)
        batch = Batch()
        ledger.append(batch, ledger.replace(row, overhead_ms=spent))
        try:
            self.store.write(batch)
        except StoreError as problem:
            _log.error("%s: a call is missing in the ledger", problem)

    def count(self, text: str) -> int:
        """Tokens; those of a long text are remembered, for it is sent again with every turn."""
        if len(text) < _LONG:
            return tokens.count(text)
        name = digest(text)
        found = self._counts.get(name)
        if found is None:
            found = self._counts[name] = tokens.count(text)
            while len(self._counts) > _COUNTED:
                self._counts.popitem(last=False)
        return found


def _wishing(turn: Turn, wish: Wish) -> Turn:
    def wished(block: Block) -> Block:
        query = "\n".join(part for part in (wish.query, block.query) if part)
        return replace(block, query=query, call_id=f"{block.call_id}#{wish.mark}")

    return replace(turn, blocks=tuple(wished(block) for block in turn.blocks))


def judge(config: Config) -> Judge:
    """The judge for whole requests: where nothing is kept, nothing may be left out."""
    return Judge(config.level) if config.keep else Judge(Level.EXACT, markers=False)


def opened(config: Config) -> Engine:
    """The engine of this process over the user's store. Raises HeadroomError."""
    if config.model:
        from headroom_wrap.kompress import models

        models.choose(config)
    place = config.paths.store if config.keep else None
    whose = config.shared, config.tenant, terms.days(config)
    with _opening:
        return _opened(place, config.encrypt, whose, os.getpid())


# LMDB must not open a file twice in one process: threads that come at once would do that, and one
# of them at times wait for ever. A fork waits as well: a child would find the lock held for good.
_opening = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_opening.acquire, after_in_parent=_opening.release, after_in_child=_opening.release
    )


@functools.cache
def _opened(
    place: Path | None, encrypt: bool, whose: tuple[str, str, float], process: int
) -> Engine:
    # LMDB must not be used across a fork: a child opens its own.
    situation = Situation(session=f"library-{process}", agent="library")
    kept = place and choose.store(place, *whose, encrypt, environment())
    store = kept or ephemeral()
    if hasattr(os, "register_at_fork"):
        gate = store.gate
        os.register_at_fork(
            before=gate.shut, after_in_parent=gate.open, after_in_child=store.inherited
        )
    return Engine(store, situation)
