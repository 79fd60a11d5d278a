"""What a session has saved less what it has cost; once that is negative, shortening stops."""

from __future__ import annotations

import threading

from headroom_wrap import prices
from headroom_wrap.ledger import Row
from headroom_wrap.ledger.total import Total
from headroom_wrap.prices import Price

# For models without a known price: the proportions that are usual.
_USUAL = Price(1.0, 0.1, 1.25, 2.0, 5.0)
# One result that was asked for twice at the start says nothing yet.
_ENOUGH = 10


class Balance:
    """The sums of one session. Thread-safe."""

    def __init__(self) -> None:
        self._total = Total()
        self._lock = threading.Lock()

    def add(self, row: Row) -> None:
        """Counts an exchange in, once what was billed is known."""
        if row.observed:
            return
        known = prices.find(row.model) is not None
        with self._lock:
            self._total.add(row, None if known else {row.model: _USUAL})

    @property
    def negative(self) -> bool:
        """Whether the session would have been cheaper without us."""
        return self._total.requests >= _ENOUGH and self._total.net < 0
