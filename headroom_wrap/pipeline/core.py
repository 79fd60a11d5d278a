"""The pipeline: what happens to one request body between the agent and the provider."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from headroom_wrap import ledger, policy, prefix, wire
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import Row
from headroom_wrap.pipeline import account
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.pipeline.account import Judged, Situation
from headroom_wrap.pipeline.conversation import Conversation
from headroom_wrap.pipeline.decide import Seen, decide
from headroom_wrap.pipeline.judge import Judge
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.store import Batch, Store, digest
from headroom_wrap.types import Block, Turn, Usage

_log = logging.getLogger(__name__)
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Record:
    """What was done to one request, to be settled against its response."""

    row: Row
    links: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shortened:
    """The body to forward. `record` is None when no wire understood it."""

    body: bytes
    changed: bool = False
    record: Record | None = None


class Pipeline:
    """Thread-safe. `shorten` and `settle` never raise: a failure leaves the body as it was."""

    def __init__(self, store: Store, judge: Judge, situation: Situation) -> None:
        self.store = store
        self.judge = judge
        self.situation = situation
        self._known: OrderedDict[bytes, Verdict] = OrderedDict()
        self._lock = threading.Lock()

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
        seen = so_far.seen if so_far else Seen()
        return self._shorten_turn(found[0].NAME, found[1], body, seen, started)

    def _shorten_turn(
        self, wire_name: str, turn: Turn, body: bytes, seen: Seen, started: float
    ) -> Shortened:
        try:
            judged = self._judge(turn, seen)
            self._keep(judged)
            texts = self._texts(judged)
            links = prefix.chain(body, turn, texts)
            known = self.store.get_many("prefixes", list(links))
        except StoreError as problem:
            _log.error("%s: the request is sent as it is", problem)
            return Shortened(body)
        forwarded = wire.splice(body, texts.items()) if texts else body
        row = ledger.replace(
            account.row(self.situation, wire_name, turn, judged),
            conversation=turn.session or next(iter(links), b"").hex(),
            broken=prefix.broken(links, known),
            overhead_ms=1e3 * (time.perf_counter() - started),
        )
        fresh = {key: value for key, value in links.items() if known.get(key) != value}
        return Shortened(forwarded, forwarded != body, Record(row, fresh))

    def settle(self, record: Record | None, usage: Usage | None, model: str, status: int) -> None:
        """Writes the ledger row once the exchange is over."""
        if record is None:
            return
        changes = {"usage": usage, "model": model or record.row.model, "status": status}
        batch = Batch()
        batch.update("prefixes", record.links)
        ledger.append(batch, ledger.replace(record.row, **changes))
        try:
            self.store.write(batch)
        except StoreError as problem:
            _log.error("%s: an exchange is missing in the ledger", problem)

    def _judge(self, turn: Turn, seen: Seen) -> Judged:
        names = {b: digest(b.text) for b in turn.blocks if len(b.text) >= policy.SHORT_CHARS}
        keys = [verdicts.key(block, name) for block, name in names.items()]
        return decide(turn, names, self._recall(keys), seen, self.judge)

    def _recall(self, keys: Iterable[bytes]) -> dict[bytes, Verdict]:
        wanted = list(keys)
        with self._lock:
            found = {key: self._known[key] for key in wanted if key in self._known}
        missing = [key for key in wanted if key not in found]
        if missing:
            stored = self.store.get_many("verdicts", missing)
            found.update((key, verdicts.decode(value)) for key, value in stored.items())
        self._remember(found)
        return found

    def _remember(self, found: Mapping[bytes, Verdict]) -> None:
        with self._lock:
            for key, value in found.items():
                self._known[key] = value
                self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def _keep(self, judged: Judged) -> None:
        """Makes new verdicts and their originals durable; where that fails, blocks stay raw."""
        if not judged.new:
            return
        try:
            standing = self.store.write(self._batch(judged))
        except StoreError as problem:
            _log.error("%s: new results are sent as they are", problem)
            for block in judged.new:
                judged.verdicts[block] = judged.verdicts[block].kept(policy.KEPT_UNSTORED)
        else:
            for block in judged.new:
                first = standing.get(judged.keys[block])
                if first:
                    judged.verdicts[block] = verdicts.decode(first)
        self._remember({judged.keys[block]: judged.verdicts[block] for block in judged.new})

    def _batch(self, judged: Judged) -> Batch:
        batch = Batch()
        for block in judged.new:
            found = judged.verdicts[block]
            if self.situation.observe:
                # Whoever wraps this conversation later must go on sending the block as it is.
                found = found.kept(found.reason)
            elif found.text is not None:
                batch.put_original(block.text, block.origin, self.situation.project)
            batch.put("verdicts", judged.keys[block], verdicts.encode(found))
        return batch

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
