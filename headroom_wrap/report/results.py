"""One result in full: the original and what was sent in its place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from headroom_wrap import policy
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import Shown
from headroom_wrap.store import HIDDEN, Store

_EXPLAINED = {
    policy.SHORTENED: "sent shorter; the original is kept, and the marker in the text says where",
    policy.KEPT_SHORT: "too short to be worth shortening",
    policy.KEPT_LARGE: "so long that judging it would hold up the request",
    policy.KEPT_FILE: "text of a file, which the agent may edit: it has to see every byte",
    policy.KEPT_ERROR: "flagged as an error by the agent: nothing of it is left out",
    policy.KEPT_OURS: "the agent fetched an original: what it asked for is not shortened again",
    policy.KEPT_REPEATED: (
        "the agent asked again for what had been shortened, so it needed all of it"
    ),
    policy.KEPT_DEAR: (
        "results had to be fetched again so often that the session would be cheaper without us"
    ),
    policy.KEPT_FULL: "a limit of this tenant's is reached: nothing new is shortened for now",
    policy.KEPT_NO_GAIN: "no way was found to send it in fewer tokens",
    policy.KEPT_FAILED: "an error of ours, it is in the log; the original was sent",
    policy.KEPT_UNSTORED: (
        "the store could not keep the original, so it was sent; see `headroom doctor`"
    ),
}


@dataclass(frozen=True, slots=True)
class Texts:
    """None for what is not there any more, or never was: only shortened results are kept."""

    original: str | None
    sent: str | None


def explained(shown: Shown) -> str:
    """Why a result was or was not shortened, in words."""
    text = _EXPLAINED.get(shown.reason, shown.reason)
    return f"{text} ({shown.compressor})" if shown.compressor else text


def texts(store: Store, shown: Shown) -> Texts:
    """The texts of a result, as far as the store has them."""
    if not shown.hash:
        return Texts(None, None)
    original = sent = None
    # Damaged, or encrypted with a key that is not here: one of them may be there all the same.
    with contextlib.suppress(StoreError):
        original = store.original(shown.hash)
    with contextlib.suppress(StoreError):
        sent = next(_sent(store, shown), None)
    return Texts(original.text if original else None, sent)


def _sent(store: Store, shown: Shown) -> Iterator[str]:
    """What stands for a result. The store names verdicts by call, not by original: a search."""
    from headroom_wrap.pipeline import verdict

    name = shown.hash.encode()
    for key, value in store.scan("verdicts"):
        if name not in value or key.startswith(HIDDEN):
            continue
        found = verdict.readable(value)
        if found is None or found.sent is None:
            continue
        facts = (found.hash, found.compressor, found.before, found.after)
        if facts == (shown.hash, shown.compressor, shown.before, shown.after):
            yield found.sent
