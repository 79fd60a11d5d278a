"""What a provider took only as it came is sent as it comes from then on, in later sessions, too."""

from __future__ import annotations

import contextlib
import logging
import threading

from headroom_wrap.errors import StoreError
from headroom_wrap.store import Batch, Store

_log = logging.getLogger(__name__)
# From so many conversations in a row on it is the endpoint that takes no shortened body.
_MANY = 3


class Refusals:
    """Thread-safe. A conversation is named by the link of its first message."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._refused: dict[str, set[bytes]] = {}

    def all(self, endpoint: str) -> bool:
        """Whether every request to the endpoint is left alone."""
        refused = self._refused.get(endpoint, ())
        # Where a request has no messages, it is the endpoint, too.
        return len(refused) >= _MANY or b"" in refused

    def stands(self, root: bytes) -> bool:
        """Whether a request of the conversation is left alone. Raises StoreError."""
        return bool(root) and self._store.get("meta", _key(root)) is not None

    def taken(self, endpoint: str) -> None:
        """A shortened body was taken: it was those conversations. A proxy runs for months, and a
        few refusals must not add up to the end of all cached prefixes."""
        with self._lock:
            self._refused.pop(endpoint, None)

    def note(self, endpoint: str, root: bytes) -> None:
        """The conversation was refused when it was shortened, and not when it was not."""
        with self._lock:
            self._refused.setdefault(endpoint, set()).add(root)
        _log.error("%s refuses a shortened body: that conversation is left alone", endpoint)
        if root:
            batch = Batch()
            batch.put("meta", _key(root), b"")
            # It may be refused once more in another session.
            with contextlib.suppress(StoreError):
                self._store.write(batch)


def _key(root: bytes) -> bytes:
    return b"refused/" + root
