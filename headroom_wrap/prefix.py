"""Live proof that what was forwarded once is forwarded again: a hash chain per conversation.

Each original message prefix maps to the hash of what was forwarded for it. A later request with
the same original prefix but other forwarded bytes has broken the provider's cache, by our doing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections import deque
from collections.abc import Mapping

from headroom_wrap.types import Block, Turn

# Clients move their cache marker to the newest message: that is no change of the text.
_MARKER = re.compile(rb'\s*,?\s*"cache_control"\s*:\s*\{[^{}]*\}')
_KEY = b'"cache_control"'
_SIZE = 16
_DAY = 86400
_WEEK = 7

Rows = dict[bytes, bytes]


def _hash(*parts: bytes) -> bytes:
    whole = hashlib.blake2b(digest_size=_SIZE)
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.digest()


def chain(
    body: bytes, turn: Turn, texts: Mapping[Block, str], begun: Mapping[bytes, bytes] | None = None
) -> dict[bytes, bytes]:
    """Original prefix hash → forwarded prefix hash, for every message of the turn, in order.

    `texts` holds the new text of each block that is changed; `begun` are the links of the first
    messages, where they are known.
    """
    links = dict(begun or {})
    left = turn.messages[len(links) :]
    first = left[0][0] if left else len(body)
    edits = deque(sorted((b.span, text) for b, text in texts.items() if b.span[0] >= first))
    original = forwarded = _hash(turn.model.encode("utf-8", "replace"))
    if links:
        original, forwarded = next(reversed(links.items()))
    for start, end in left:
        message = body[start:end]
        if _KEY in message:
            message = _MARKER.sub(b"", message)
        # Its bytes are gone over but once.
        content = hashlib.blake2b(message, digest_size=_SIZE).digest()
        original = _hash(original, content)
        forwarded = _hash(forwarded, content, *_within(edits, start, end))
        links[original] = forwarded
    return links


def root(body: bytes, turn: Turn) -> bytes:
    """The first link of the chain, b"" when there is none."""
    first = dataclasses.replace(turn, messages=turn.messages[:1])
    return next(iter(chain(body, first, {})), b"")


def headed(links: Mapping[bytes, bytes], head: bytes, start: int) -> Rows:
    """The links from `start` on, with something forwarded before them that is not in the body."""
    return {key: _hash(head, value) for key, value in list(links.items())[start:]}


def _within(edits: deque[tuple[tuple[int, int], str]], start: int, end: int) -> list[bytes]:
    """Takes the edits of a message from those of the turn, which are in order as messages are."""
    found: list[bytes] = []
    while edits and edits[0][0][1] <= end:
        (first, _), text = edits.popleft()
        if start <= first:
            found.append(text.encode("utf-8", "surrogatepass"))
    return found


def broken(links: Mapping[bytes, bytes], known: Mapping[bytes, bytes]) -> int:
    """How many message prefixes were forwarded differently before; `known` holds stored rows."""
    return sum(known[key][:_SIZE] != value for key, value in links.items() if key in known)


def rows(links: Mapping[bytes, bytes], known: Mapping[bytes, bytes], now: float) -> Rows:
    """The rows to store: links that are new or other than known, and those not used for a week."""
    day = int(now // _DAY)
    stamp = day.to_bytes(2, "big")
    stale = [key for key, row in known.items() if day - age_day(row) >= _WEEK]
    changed = [key for key, value in links.items() if known.get(key, b"")[:_SIZE] != value]
    return {key: links[key] + stamp for key in (*changed, *stale)}


def age_day(row: bytes) -> int:
    """The day (since the epoch) on which a stored row was last used."""
    return int.from_bytes(row[_SIZE:], "big")
