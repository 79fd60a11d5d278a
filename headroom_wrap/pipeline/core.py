"""The pipeline: what happens to one request body between the agent and the provider."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec
import zstandard

from headroom_wrap import clock, compressors, ledger, prefix, wire
from headroom_wrap.clock import Moment
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import Row
from headroom_wrap.pipeline import account, cold
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.pipeline.account import Judged, Situation
from headroom_wrap.pipeline.balance import Balance
from headroom_wrap.pipeline.calibration import Calibration
from headroom_wrap.pipeline.conversation import Conversation
from headroom_wrap.pipeline.decide import Seen, decide
from headroom_wrap.pipeline.docket import Docket
from headroom_wrap.pipeline.judge import Judge
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.shaper import Asked, Shape, Shaper
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Block, Shaping, Turn, Usage

_log = logging.getLogger(__name__)
# Rows of a store may be damaged, or another version's.
_UNREADABLE = (StoreError, msgspec.MsgspecError, zstandard.ZstdError)


@dataclass(frozen=True, slots=True)
class Record:
    """What was done to one request, to be settled against its response."""

    row: Row
    links: Mapping[bytes, bytes] = field(default_factory=dict)
    root: bytes = b""
    end: bytes = b""
    """The links of the first message and of the last."""
    lifetime: float = 0.0
    """Seconds for which the provider caches the prompt, where that is known."""
    chilled: int = 0
    """At a cold point, the bytes that stand before the first message; else 0."""
    shaped: bool = False
    """Whether a sentence was added, or an effort lowered."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """The body to forward. `record` is None when no wire understood it."""

    body: bytes
    changed: bool = False
    record: Record | None = None


class Pipeline:
    """Thread-safe. `shorten` and `settle` never raise: a failure leaves the body as it was."""

    def __init__(
        self,
        store: Store,
        judge: Judge,
        situation: Situation,
        now: Callable[[], Moment] = clock.now,
        shaping: Shaping | None = None,
    ) -> None:
        self.store = store
        self._clock = now
        self.judge = judge
        self.situation = situation
        self._docket = Docket(store, situation)
        self._balance = Balance()
        self._calibration = Calibration(store)
        self.shaper = Shaper(store, shaping or Shaping(), situation.observe)
        self._prepared = threading.Lock()

    def conversation(self) -> Conversation:
        """The memory of one WebSocket."""
        return Conversation(self)

    def shorten(
        self, host: str, path: str, body: bytes, so_far: Conversation | None = None
    ) -> Shortened:
        """The body to forward in place of `body`. Blocking: not for an event loop.

        `so_far` is what earlier messages on the same WebSocket said.
        """
        started = time.perf_counter()
        found = wire.read(host, path, body, so_far.carried if so_far else None)
        if found is None:
            return Shortened(body)
        if not found[1].blocks and self._prepared.acquire(blocking=False):
            # The model thinks now; the first result would wait for it later.
            threading.Thread(target=compressors.prepare, name="prepare", daemon=True).start()
        seen = so_far.seen if so_far else Seen()
        endpoint = host + path.partition("?")[0]
        memory = so_far.memory if so_far else None
        asked = Asked(found[0].NAME, host, endpoint, body, found[1], memory)
        return self._shorten_turn(asked, seen, started)

    def _shorten_turn(self, asked: Asked, seen: Seen, started: float) -> Shortened:
        wire_name, turn, body = asked.wire, asked.turn, asked.body
        try:
            judged = self._judge(turn, seen)
            lifetime = cold.ttl(wire_name, body)
            chilled = self._chill(turn, body, judged, lifetime)
            texts = self._texts(judged)
            links = prefix.chain(body, turn, texts)
            known = {} if chilled else self.store.get_many("prefixes", list(links))
            shape = self.shaper.shape(asked)
        except _UNREADABLE as problem:
            _log.error("%s: the request is sent as it is", problem)
            return Shortened(body)
        root, end = next(iter(links), b""), next(reversed(links), b"")
        forwarded = wire.splice(body, texts.items()) if texts else body
        forwarded, lowered = shape.shaped(forwarded)
        links, known = _behind(links, known, shape)
        row = ledger.replace(
            account.row(self.situation, wire_name, turn, judged),
            conversation=turn.session or shape.conversation or root.hex(),
            side=shape.side,
            kind=shape.kind,
            effort=lowered,
            cold=bool(chilled),
            broken=prefix.broken(links, known),
            overhead_ms=1e3 * (time.perf_counter() - started),
        )
        fresh = prefix.rows(links, known, ledger.now())
        shaped = bool(shape.sentence or lowered)
        record = Record(row, fresh, root, end, lifetime, chilled, shaped)
        return Shortened(forwarded, forwarded != body, record)

    def _chill(self, turn: Turn, body: bytes, judged: Judged, lifetime: float) -> int:
        """At a cold point, old results leave; returns the bytes before the first message then."""
        if self.situation.observe or not lifetime or not turn.messages:
            return 0
        stored = self.store.get("meta", cold.key(prefix.root(body, turn)))
        last = cold.decode(stored) if stored else None
        if last is None or not cold.over(last, lifetime, self._clock()):
            return 0
        if not cold.latest(last, prefix.chain(body, turn, {})):
            return 0
        if not cold.trusted(self.store.get("meta", cold.TRIALS)):
            return 0
        stubs = cold.stubs(turn, judged, self.judge)
        return turn.messages[0][0] if stubs and self._docket.replace(judged, stubs) else 0

    def settle(self, record: Record | None, usage: Usage | None, model: str, status: int) -> None:
        """Writes the ledger row once the exchange is over."""
        if record is None:
            return
        name = model or record.row.model
        batch = Batch()
        batch.update("prefixes", record.links)
        try:
            factor = self._calibration.factor(name)
            changes = {"usage": usage, "model": name, "status": status, "factor": factor}
            row = ledger.replace(record.row, **changes)
            self._balance.add(row)
            self._calibration.learn(batch, record.root, row)
            ledger.append(batch, row)
            self._time(batch, record, usage)
            self.store.write(batch)
        except _UNREADABLE as problem:
            _log.error("%s: an exchange is missing in the ledger", problem)

    def _judge(self, turn: Turn, seen: Seen) -> Judged:
        names = self._docket.names(turn.blocks)
        keys = [verdicts.key(block, name) for block, name in names.items()]
        seen.dear = self._balance.negative
        judged = decide(turn, names, self._docket.recall(keys), seen, self.judge)
        self._docket.keep(judged)
        return judged

    def _time(self, batch: Batch, record: Record, usage: Usage | None) -> None:
        """Notes when the conversation was last cached, and whether a cold point was one."""
        if record.lifetime and record.end:
            last = cold.Last(self._clock(), record.end, record.lifetime)
            batch.put("meta", cold.key(record.root), cold.encode(last))
        if record.chilled and usage:
            trials = self.store.get("meta", cold.TRIALS)
            batch.put("meta", cold.TRIALS, cold.tried(trials, usage.cache_read, record.chilled))

    def _texts(self, judged: Judged) -> dict[Block, str]:
        if self.situation.observe:
            return {}
        texts = {}
        for block, found in judged.verdicts.items():
            sent = found.sent
            if sent is not None:
                self._lay_out(block, found)
                texts[block] = sent
        return texts

    def _lay_out(self, block: Block, found: Verdict) -> None:
        if not (found.spilled and self.judge.spill):
            return
        try:
            self.judge.spill.put(found.hash, block.text)
        except StoreError as problem:
            # The verdict stands all the same: other bytes would break the provider's cache.
            _log.error("%s", problem)


def _behind(
    links: prefix.Rows, known: prefix.Rows, shape: Shape
) -> tuple[prefix.Rows, prefix.Rows]:
    """The links behind a sentence. Conversations with and without one may open alike: those of
    the opening say nothing."""
    if not shape.sentence:
        return links, known
    links = prefix.headed(links, shape.head, shape.opening)
    return links, {key: known[key] for key in links if key in known}
