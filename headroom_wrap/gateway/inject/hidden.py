"""Exchanges that clients do not know of, kept under what they do know.

They lie beside the verdicts: like these they hold what tools printed, and are encrypted with them.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

from headroom_wrap.errors import StoreError
from headroom_wrap.store import HIDDEN, Batch, Store

_log = logging.getLogger(__name__)


class Hidden:
    """One dialect's exchanges, in the store: they outlive us, as conversations do."""

    def __init__(self, store: Store, dialect: str) -> None:
        self._store = store
        self._prefix = HIDDEN + f"{dialect}/".encode()

    def keep(self, visible: Any, record: Any) -> None:
        """Remember what belongs to what the client sees. An answer never breaks off for it: where
        the store fails, the provider only has to read the conversation anew."""
        batch = Batch()
        batch.put("verdicts", self._key(visible), json.dumps(record).encode())
        try:
            self._store.write(batch)
        except StoreError as problem:
            _log.error("%s: what a client was not shown cannot be put back later", problem)

    def find(self, visible: Any) -> Any:
        """What was kept, None where nothing was."""
        key = self._key(visible)
        # Earlier versions kept them among what is not secret.
        found = self._store.get("verdicts", key) or self._store.get("meta", key)
        return json.loads(found) if found is not None else None

    def _key(self, visible: Any) -> bytes:
        whole = json.dumps(visible, sort_keys=True).encode()
        return self._prefix + hashlib.blake2b(whole, digest_size=16).digest()
