"""How many of a provider's tokens one of ours is: measured, per model, on what prompts grow by."""

from __future__ import annotations

import math
from collections import OrderedDict

from headroom_wrap.ledger import Row
from headroom_wrap.store import Batch, Store, pack_counts, unpack_counts

_ENOUGH = 5_000.0
_SAMPLE = 500
_LEAST, _MOST = 0.6, 2.0
_REMEMBERED = 256
_BYTES = 16


class Calibration:
    """Provider's tokens per o200k token, by model, kept in the store.

    Between two requests of a conversation the prompt grows by the answer and by new results. The
    provider bills the answer's tokens; the rest are the results, which we have counted.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: OrderedDict[bytes, tuple[int, int]] = OrderedDict()

    def factor(self, model: str) -> float:
        """Provider's tokens per token of o200k; 1.0 until there is enough to tell."""
        grown, counted = self._sums(model)
        if counted < _ENOUGH:
            return 1.0
        return min(max(grown / counted, _LEAST), _MOST)

    def learn(self, batch: Batch, root: bytes, row: Row) -> None:
        """Takes a settled exchange in; `root` names its conversation."""
        prompt, output = row.prompt, row.usage.output if row.usage else 0
        before = self._last.pop(root, None)
        if not prompt:
            return
        self._last[root] = (prompt, output)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        sent = row.new_before if row.observed else row.new_after
        grown = prompt - sum(before) if before else 0
        # A rewind, a compaction or a long prompt of the user's says nothing about results.
        if sent < _SAMPLE or not _LEAST * sent <= grown <= _MOST * sent:
            return
        sums = self._sums(row.model)
        batch.put("meta", _key(row.model), pack_counts((sums[0] + grown, sums[1] + sent)))

    def _sums(self, model: str) -> tuple[float, float]:
        found = self._store.get("meta", _key(model))
        grown, counted = unpack_counts(found)[:2] if found and len(found) == _BYTES else (0.0, 0.0)
        # A damaged row begins anew.
        return (grown, counted) if math.isfinite(grown + counted) else (0.0, 0.0)


def _key(model: str) -> bytes:
    return b"calibration/" + model.encode("utf-8", "replace")[:200]
