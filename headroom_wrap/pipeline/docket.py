"""The verdicts that stand: read from the store, remembered, made durable before a body leaves."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from headroom_wrap import marker, policy
from headroom_wrap.errors import AwayError, StoreError
from headroom_wrap.original import digest
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.pipeline.account import Judged, Situation
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.store import Batch, Store, touched
from headroom_wrap.types import Block

_log = logging.getLogger(__name__)
_REMEMBERED = 4096
# Added to a verdict's key: the verdict that stands since a cold point, beside the earlier one.
_COLD = b"\1"
_MARKER = 500


class Docket:
    """Thread-safe."""

    def __init__(self, store: Store, situation: Situation) -> None:
        self._store = store
        self._situation = situation
        self._known: OrderedDict[bytes, Verdict] = OrderedDict()
        self._epoch = store.epoch
        self._lock = threading.Lock()

    def recall(self, keys: Iterable[bytes]) -> dict[bytes, Verdict]:
        """The verdicts that stand, by key. Raises StoreError."""
        wanted = list(keys)
        with self._lock:
            if self._epoch != self._store.epoch:
                self._known.clear()
                self._epoch = self._store.epoch
            found = {key: self._known[key] for key in wanted if key in self._known}
        missing = [key for key in wanted if key not in found]
        # Another process may have reached a cold point of the same conversation.
        asked = [*missing, *(key + _COLD for key in wanted)]
        stored = self._store.get_many("verdicts", asked)
        read = self._read(stored)
        loaded = {key: read[key] for key in missing if key in read}
        self._use(loaded.values())
        found.update(loaded)
        self._remember(found)
        cold = {key: read[key + _COLD] for key in wanted if key + _COLD in read}
        return {**found, **cold}

    def _read(self, rows: Mapping[bytes, bytes]) -> dict[bytes, Verdict]:
        """The verdicts in rows. Damaged ones go: the same text gets the same verdict again."""
        read = {key: verdicts.readable(row) for key, row in rows.items()}
        damaged = [key for key, found in read.items() if found is None]
        if damaged:
            _log.error("%d stored verdicts are damaged: they are found again", len(damaged))
            with contextlib.suppress(StoreError):
                self._store.delete("verdicts", damaged)
        return {key: found for key, found in read.items() if found is not None}

    def names(
        self, blocks: Iterable[Block], known: Mapping[Block, str] | None = None
    ) -> dict[Block, str]:
        """The hashes of the results that can be judged: long enough, and not our own work. Some
        may be known already."""
        found: dict[Block, str] = {}
        for block in blocks:
            if len(block.text) < policy.SHORT_CHARS:
                continue
            name = known.get(block) if known else None
            if name or not self._ours(block.text):
                found[block] = name or digest(block.text)
        return found

    def _ours(self, text: str) -> bool:
        """Whether the last line is a marker that we made: to shorten it again would hide more."""
        last = text[-_MARKER:].rstrip().rpartition("\n")[2]
        return last.startswith("[headroom") and any(map(self._holds, marker.hashes(last)))

    def _holds(self, name: str) -> bool:
        try:
            return self._store.original(name) is not None
        except StoreError:
            # It is there, if damaged.
            return True

    def keep(self, judged: Judged) -> None:
        """Makes new verdicts and their originals durable; where that fails, blocks stay raw.

        Raises AwayError where they have to be judged again, for the store has just gone away.
        """
        if not judged.new:
            return
        try:
            standing = self._store.write(self._batch(judged))
        except AwayError:
            raise
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

    def replace(self, judged: Judged, stubs: Mapping[Block, Verdict]) -> bool:
        """Puts other verdicts in the place of those that stood, at a cold point."""
        batch = Batch()
        for block, found in stubs.items():
            batch.put_original(block.text, block.origin, self._situation.project)
            batch.put("verdicts", judged.keys[block] + _COLD, verdicts.encode(found))
        try:
            standing = self._store.write(batch)
        except StoreError as problem:
            _log.error("%s: old results stay", problem)
            return False
        for block, found in stubs.items():
            first = standing.get(judged.keys[block] + _COLD)
            judged.verdicts[block] = verdicts.decode(first) if first else found
        return True

    def _use(self, resumed: Iterable[Verdict]) -> None:
        """Originals live as long as what can be resumed: from their last use on."""
        names = [found.hash for found in resumed if found.text is not None]
        if names:
            with contextlib.suppress(StoreError):
                self._store.write(touched(names))

    def _batch(self, judged: Judged) -> Batch:
        batch = Batch()
        for block in judged.new:
            found = judged.verdicts[block]
            if self._situation.observe:
                # Whoever wraps this conversation later must go on sending the block as it is.
                found = found.kept(found.reason)
            elif found.text is not None:
                batch.put_original(block.text, block.origin, self._situation.project)
            batch.put("verdicts", judged.keys[block], verdicts.encode(found))
        return batch

    def _remember(self, found: Mapping[bytes, Verdict]) -> None:
        with self._lock:
            if self._epoch != self._store.epoch:
                return
            for key, value in found.items():
                self._known[key] = value
                self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
