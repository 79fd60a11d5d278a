"""What one tenant may use: past it nothing new is shortened, and what stands is replayed.

Nobody is refused, and no request changes what was sent before: that would cost the tenant its
provider's cache.
"""

from __future__ import annotations

import threading
import time

from headroom_wrap.errors import AwayError
from headroom_wrap.store import Store
from headroom_wrap.team.shared import Shared
from headroom_wrap.team.terms import Terms

_STALE = 10.0


class Quota:
    """Thread-safe. Without Redis each replica counts for itself."""

    def __init__(self, terms: Terms, store: Store) -> None:
        self._terms = terms
        self._store = store
        self._lock = threading.Lock()
        self._minute = self._here = 0
        self._kept, self._looked = (0, 0), 0.0

    def used_up(self) -> bool:
        """Counts one more request; whether a limit is reached."""
        return self._too_fast() or self._too_much()

    def _too_fast(self) -> bool:
        limit = self._terms.requests_per_minute
        if not limit:
            return False
        here = self._counted_here()
        if isinstance(self._store, Shared):
            try:
                return self._store.requests() > limit
            except AwayError:
                pass
        return here > limit

    def _counted_here(self) -> int:
        minute = int(time.time() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._here = minute, 0
            self._here += 1
            return self._here

    def _too_much(self) -> bool:
        most, largest = self._terms.max_originals, self._terms.max_bytes
        if not (most or largest):
            return False
        now = time.monotonic()
        if not self._looked or now - self._looked > _STALE:
            self._kept, self._looked = self._store.kept(), now
        count, size = self._kept
        return bool(most and count >= most) or bool(largest and size >= largest)
