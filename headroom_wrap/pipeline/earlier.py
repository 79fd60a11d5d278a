"""Requests that went by: a conversation sends all of its last one again, with a little more."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from headroom_wrap import wire
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.types import Block
from headroom_wrap.wire import Reading

# Bytes of bodies; what was found in them takes up to three times as much.
_REMEMBERED = 16 << 20
# Clients rewrite their latest message at times; who takes back more goes another way from there.
_LATEST = 2


@dataclass(frozen=True, slots=True)
class Edit:
    """What is sent in place of a block; `spelled` is the text as JSON escapes it there."""

    verdict: Verdict
    text: str
    spelled: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and what was found out about it. `links` is its hash chain."""

    reading: Reading
    names: Mapping[Block, str] = field(default_factory=dict)
    edits: Mapping[Block, Edit] = field(default_factory=dict)
    links: dict[bytes, bytes] = field(default_factory=dict)


class Earlier:
    """Thread-safe. It changes nothing of what is found, only how soon that is."""

    def __init__(self) -> None:
        self._requests: dict[bytes, Request] = {}
        self._lock = threading.Lock()

    def begin(self, host: str, path: str, body: bytes) -> Request | None:
        """A request with what is known of the messages that it has in common with an earlier one;
        None when no wire understands it."""
        with self._lock:
            requests = list(self._requests.values())
        found = wire.read_after(host, path, body, [each.reading for each in requests])
        if found is None:
            return None
        reading, before = found
        for each in requests:
            if each.reading is before:
                return _beginning(reading, each)
        return Request(reading)

    def keep(self, request: Request) -> None:
        """Remembers a request, in the place of the one that it goes on from."""
        size = len(request.reading.body)
        if request.reading.said is None or not request.links or size > _REMEMBERED:
            return
        *_, latest = itertools.islice(reversed(request.links), _LATEST)
        with self._lock:
            kept = {latest: request}
            for link, each in reversed(self._requests.items()):
                if link not in request.links:
                    size += len(each.reading.body)
                    if size > _REMEMBERED:
                        break
                    kept[link] = each
            self._requests = dict(reversed(kept.items()))


def _beginning(reading: Reading, before: Request) -> Request:
    here = {block for block in reading.turn.blocks if block.span[1] <= reading.known}
    links = before.links if reading.turn.model == before.reading.turn.model else {}
    return Request(
        reading,
        {block: name for block, name in before.names.items() if block in here},
        {block: edit for block, edit in before.edits.items() if block in here},
        dict(itertools.islice(links.items(), reading.kept)),
    )
