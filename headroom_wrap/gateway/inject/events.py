"""Server-sent events as they stream by: raw for passing on, parsed for reading."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from headroom_wrap.wire.spans import value

_END = re.compile(rb"\r?\n\r?\n|\r\r")
_DATA = re.compile(rb"^data: ?(.*?)\r?$", re.M)


@dataclass(frozen=True, slots=True)
class Event:
    """`data` is {} where it is no JSON object, such as `[DONE]` and comments."""

    raw: bytes
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.data.get("type", ""))


async def events(stream: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """One event at a time; what is left at the end comes as it is."""
    held = b""
    async for chunk in stream:
        held += chunk
        while match := _END.search(held):
            yield _event(held[: match.end()])
            held = held[match.end() :]
    if held:
        yield _event(held)


def _event(raw: bytes) -> Event:
    found = value(b"\n".join(_DATA.findall(raw)))
    return Event(raw, found if isinstance(found, dict) else {})


def named(data: dict[str, Any]) -> bytes:
    """An event of ours, its name out of its type."""
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()


def unnamed(data: dict[str, Any]) -> bytes:
    """An event without a name, as Chat Completions has them."""
    return f"data: {json.dumps(data)}\n\n".encode()


async def whole(stream: AsyncIterator[bytes]) -> bytes:
    """A body that does not stream."""
    return b"".join([chunk async for chunk in stream])


async def parted(stream: AsyncIterator[bytes]) -> tuple[bool, AsyncIterator[bytes]]:
    """Whether a body is a stream of events, and the body."""
    first = b""
    async for chunk in stream:
        first += chunk
        if first.strip():
            break

    async def rest() -> AsyncIterator[bytes]:
        if first:
            yield first
        async for chunk in stream:
            yield chunk

    return first.lstrip()[:1] != b"{", rest()
