"""One result in full: the original and what was sent in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from headroom_wrap.ledger import Shown
from headroom_wrap.store import HIDDEN, Store

_EXPLAINED = {
    "shortened": "sent shorter; the original is kept, and the marker in the text says where",
    "kept: short": "too short to be worth shortening",
    "kept: file text, may be edited": (
        "text of a file, which the agent may edit: it has to see every byte"
    ),
    "kept: an error": "flagged as an error by the agent: nothing of it is left out",
    "kept: an original read back": (
        "the agent fetched an original: what it asked for is not shortened again"
    ),
    "kept: asked for again": (
        "the agent asked again for what had been shortened, so it needed all of it"
    ),
    "kept: this session costs more than it saves": (
        "results had to be fetched again so often that the session would be cheaper without us"
    ),
    "kept: nothing to gain": "no way was found to send it in fewer tokens",
    "kept: shortening failed": "an error of ours, it is in the log; the original was sent",
    "kept: the original could not be stored": (
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
    from headroom_wrap.errors import StoreError

    if not shown.hash:
        return Texts(None, None)
    try:
        original = store.original(shown.hash)
    except StoreError:
        original = None
    return Texts(original.text if original else None, next(_sent(store, shown), None))


def _sent(store: Store, shown: Shown) -> Iterator[str]:
    """What stands for a result. The store names verdicts by call, not by original: a search."""
    from headroom_wrap.pipeline import verdict

    name = shown.hash.encode()
    for key, value in store.scan("verdicts"):
        if name not in value or key.startswith(HIDDEN):
            continue
        found = verdict.decode(value)
        facts = (found.hash, found.compressor, found.before, found.after)
        if facts == (shown.hash, shown.compressor, shown.before, shown.after):
            sent = found.sent
            if sent is not None:
                yield sent
