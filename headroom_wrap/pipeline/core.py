"""The pipeline: what happens to one request body between the agent and the provider."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from headroom_wrap import clock, ledger, prefix, wire
from headroom_wrap.clock import Moment
from headroom_wrap.errors import AwayError, ClosedError, StoreError
from headroom_wrap.ledger import Row
from headroom_wrap.original import UNREADABLE
from headroom_wrap.pipeline import account, cold
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.pipeline.account import Judged, Situation
from headroom_wrap.pipeline.balance import Balance
from headroom_wrap.pipeline.calibration import Calibration
from headroom_wrap.pipeline.conversation import Conversation
from headroom_wrap.pipeline.decide import Seen, decide
from headroom_wrap.pipeline.docket import Docket
from headroom_wrap.pipeline.earlier import Earlier, Edit, Request
from headroom_wrap.pipeline.judge import Judge
from headroom_wrap.pipeline.refusals import Refusals
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.shaper import Asked, Shape, Shaper
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Block, Level, Shaping, Turn, Usage
from headroom_wrap.wire import Reading

_log = logging.getLogger(__name__)
# Rows of a store may be damaged, or another version's.
_UNREADABLE = (StoreError, *UNREADABLE)
_UNDECIDED = (ClosedError, *_UNREADABLE)


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
    named: frozenset[str] = frozenset()
    """The hashes of the originals that are named in place of results."""
    shaped: bool = False
    """Whether a sentence was added, or an effort lowered."""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Shortened:
    """The body to forward. `record` is None when no wire understood it."""

    body: bytes
    changed: bool = False
    record: Record | None = None
    refused: bool = False
    """Whether the provider refused this conversation when it was shortened: it is left alone."""


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
        self._earlier = Earlier()
        self._balance = Balance()
        self._calibration = Calibration(store)
        self.shaper = Shaper(store, shaping or Shaping(), situation.observe)
        self._refusals = Refusals(store)
        self.full: Callable[[], bool] = lambda: False
        """Whether a quota is used up: then only what stands is replayed."""
        self._prepared = threading.Lock()
        """Taken once and never released: preparing is done once."""

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
        endpoint = host + path.partition("?")[0]
        if so_far is None and self._refusals.all(endpoint):
            return Shortened(body, refused=True)
        request = self._request(host, path, body, so_far)
        if request is None:
            return Shortened(body)
        asked = Asked(host, endpoint, request.reading, so_far.memory if so_far else None)
        return self._shorten(request, asked, so_far.seen if so_far else Seen(), started)

    def _request(
        self, host: str, path: str, body: bytes, so_far: Conversation | None
    ) -> Request | None:
        if so_far is None:
            return self._earlier.begin(host, path, body)
        found = wire.read(host, path, body, so_far.carried)
        return Request(Reading(found[0], body, found[1])) if found else None

    def _shorten(self, request: Request, asked: Asked, seen: Seen, started: float) -> Shortened:
        reading = request.reading
        if not reading.turn.blocks and self._prepared.acquire(blocking=False):
            # While the model answers: the first result would have to wait for this.
            threading.Thread(target=self._prepare, name="prepare", daemon=True).start()
        body, turn, wire_name = reading.body, reading.turn, reading.wire.NAME
        try:
            if self._refusals.stands(_root(request)):
                return Shortened(body, refused=True)
            judged = self._judge(turn, request.names, seen)
            lifetime = cold.ttl(wire_name, body)
            chilled = self._chill(request, judged, lifetime)
            edits = self._edits(request, judged)
            links = _links(request, edits)
            known = {} if chilled else self.store.get_many("prefixes", list(links))
            shape = self.shaper.shape(asked)
        except _UNDECIDED as problem:
            _log.error("%s: the request is sent as it is", problem)
            return Shortened(body)
        self._earlier.keep(Request(reading, judged.names, edits, links))
        root, end = next(iter(links), b""), next(reversed(links), b"")
        forwarded = wire.put(body, [(block.span, edit.spelled) for block, edit in edits.items()])
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
        named = frozenset(edit.verdict.hash for edit in edits.values())
        shaped = bool(shape.sentence or lowered)
        record = Record(row, fresh, root, end, lifetime, chilled, named, shaped, asked.endpoint)
        return Shortened(forwarded, forwarded != body, record)

    def _chill(self, request: Request, judged: Judged, lifetime: float) -> int:
        """At a cold point, old results leave; returns the bytes before the first message then."""
        body, turn = request.reading.body, request.reading.turn
        if self.situation.observe or not lifetime or not turn.messages:
            return 0
        root = _root(request)
        last = cold.decode(self.store.get("meta", cold.key(root)))
        if last is None or not cold.over(last, lifetime, self._clock()):
            return 0
        if not cold.latest(last, prefix.chain(body, turn, {})):
            return 0
        trusted = cold.trusted(self.store.get("meta", cold.TRIALS))
        if not trusted or cold.bound(turn.model, body):
            return 0
        stubs = cold.stubs(turn, judged, self.judge)
        return turn.messages[0][0] if stubs and self._docket.replace(judged, stubs) else 0

    def settle(self, record: Record | None, usage: Usage | None, model: str, status: int) -> None:
        """Writes the ledger row once the exchange is over."""
        if record is None:
            return
        if record.named and 200 <= status < 300:
            self._refusals.taken(record.endpoint)
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

    def refused(self, endpoint: str, record: Record | None) -> None:
        """The provider refused what was sent for a request, and took the request as it came."""
        if record is None or not record.shaped:
            self._refusals.note(endpoint, record.root if record else b"")
        else:
            self.shaper.refused(endpoint)

    def _judge(self, turn: Turn, known: Mapping[Block, str], seen: Seen) -> Judged:
        names = self._docket.names(turn.blocks, known)
        keys = verdicts.keys(names)
        seen.dear, seen.full = self._balance.negative, self.full()
        standing = self._docket.recall(keys.values())
        try:
            return self._decided(turn, names, keys, standing, seen)
        except AwayError:
            return self._decided(turn, names, keys, standing, seen)

    def _decided(
        self,
        turn: Turn,
        names: Mapping[Block, str],
        keys: dict[Block, bytes],
        known: Mapping[bytes, Verdict],
        seen: Seen,
    ) -> Judged:
        """The verdicts, made durable. While the shared store cannot be reached, new ones are exact:
        these need no original."""
        judge = replace(self.judge, level=Level.EXACT) if self.store.away else self.judge
        trial = seen.copy()
        judged = decide(turn, names, keys, known, trial, judge)
        self._docket.keep(judged)
        seen.become(trial)
        return judged

    def _time(self, batch: Batch, record: Record, usage: Usage | None) -> None:
        """Notes when the conversation was last cached, and whether a cold point was one."""
        if record.lifetime and record.end:
            last = cold.Last(self._clock(), record.end, record.lifetime)
            batch.put("meta", cold.key(record.root), cold.encode(last))
        if record.chilled and usage:
            trials = self.store.get("meta", cold.TRIALS)
            batch.put("meta", cold.TRIALS, cold.tried(trials, usage.cache_read, record.chilled))

    def _edits(self, request: Request, judged: Judged) -> dict[Block, Edit]:
        edits: dict[Block, Edit] = {}
        if self.situation.observe:
            return edits
        for block, found in judged.verdicts.items():
            before = request.edits.get(block)
            if before is not None and before.verdict == found:
                edits[block] = before
            elif (text := found.sent) is not None:
                edits[block] = Edit(found, text, wire.spelled(request.reading.body, block, text))
            if block in edits:
                self._lay_out(block, found)
        return edits

    def _prepare(self) -> None:
        self.judge.prepare()
        # All that is loaded now stays: frozen, it does not lengthen every garbage collection.
        gc.freeze()

    def _lay_out(self, block: Block, found: Verdict) -> None:
        if not (found.spilled and self.judge.spill):
            return
        try:
            self.judge.spill.put(found.hash, block.text)
        except StoreError as problem:
            # The verdict stands all the same: other bytes would break the provider's cache.
            _log.error("%s", problem)


def _root(request: Request) -> bytes:
    """The link of the first message, b"" without any."""
    reading = request.reading
    return next(iter(request.links), b"") or prefix.root(reading.body, reading.turn)


def _links(request: Request, edits: Mapping[Block, Edit]) -> dict[bytes, bytes]:
    """The hash chain; it goes on from the known one where nothing there is sent otherwise."""
    reading = request.reading
    begun = {block: edit for block, edit in edits.items() if block.span[0] < reading.known}
    same = begun.keys() == request.edits.keys() and all(
        edit is request.edits[block] for block, edit in begun.items()
    )
    texts = {block: edit.text for block, edit in edits.items()}
    return prefix.chain(reading.body, reading.turn, texts, request.links if same else None)


def _behind(
    links: prefix.Rows, known: prefix.Rows, shape: Shape
) -> tuple[prefix.Rows, prefix.Rows]:
    """The links of a request to which a sentence was added, hashed with it. Those of the opening
    messages are left out: conversations with and without a sentence may share them."""
    if not shape.sentence:
        return links, known
    links = prefix.headed(links, shape.head, shape.opening)
    return links, {key: known[key] for key in links if key in known}
