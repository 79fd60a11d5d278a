"""A session's running sum, read without the rest of the store, whose imports take 60 ms."""

from __future__ import annotations

import os
import struct

import lmdb

from headroom_wrap import figures

# Positions in ledger.total.FIELDS, and the beginning of ledger.sums.key("session", …).
_BEFORE, _AFTER, _INPUT, _CACHE_READ, _PRICED, _SAVED, _BROKEN, _LOST = 3, 4, 7, 8, 10, 12, 13, 17
_KEYS = {False: b"sr\0\0\0\0", True: b"so\0\0\0\0"}
_WAITING = "▼ headroom: nothing sent yet"


def line(folder: str, session: str) -> str:
    """The line for a session; says so when there is nothing to tell, and never fails."""
    try:
        found = _numbers(folder, session)
    except (lmdb.Error, OSError, struct.error):
        return "▼ headroom: the ledger cannot be read, see `headroom doctor`"
    if found is None:
        return _WAITING
    numbers, observed = found
    saved = numbers[_BEFORE] - numbers[_AFTER]
    prompt = numbers[_INPUT]
    whole = prompt + saved if prompt else numbers[_BEFORE]
    text = figures.summary(
        int(saved),
        saved / whole if whole else 0.0,
        numbers[_SAVED] - numbers[_LOST] if numbers[_PRICED] else None,
        numbers[_CACHE_READ] / prompt if prompt else None,
    )
    would = " (observed: nothing is changed)" if observed else ""
    return text + would + figures.breaks(int(numbers[_BROKEN]))


def _numbers(folder: str, session: str) -> tuple[tuple[float, ...], bool] | None:
    if not os.path.exists(os.path.join(folder, "data.mdb")):
        return None
    with lmdb.open(folder, readonly=True, max_dbs=8, max_readers=512) as store:
        try:
            table = store.open_db(b"sums", create=False)
        except lmdb.NotFoundError:
            return None
        with store.begin(db=table) as txn:
            for observed, prefix in _KEYS.items():
                packed = txn.get(prefix + session.encode())
                if packed is not None:
                    return struct.unpack(f"<{len(packed) // 8}d", packed), observed
    return None
