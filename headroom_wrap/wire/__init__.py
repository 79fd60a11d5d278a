"""The wires: one module per API that carries tool results, found by the path of a request."""

from __future__ import annotations

from collections.abc import Iterable

from headroom_wrap.types import Turn
from headroom_wrap.wire import again, anthropic, gemini, openai_chat, openai_responses
from headroom_wrap.wire._api import Wire
from headroom_wrap.wire.again import Reading
from headroom_wrap.wire.said import Carried
from headroom_wrap.wire.spans import utf8
from headroom_wrap.wire.splice import put, spelled, splice

__all__ = ["Carried", "Reading", "Wire", "put", "read", "read_after", "spelled", "splice"]

_WIRES: tuple[Wire, ...] = (anthropic, openai_responses, openai_chat, gemini)


def read(
    host: str, path: str, body: bytes, carried: Carried | None = None
) -> tuple[Wire, Turn] | None:
    """The wire and the turn of a request body, or None when no wire understands it.

    `carried` is what earlier messages of the same WebSocket said. Never raises.
    """
    module = _speaking(host, path)
    if module is None or not utf8(body):
        return None
    turn = module.read(body, carried or Carried())
    return (module, turn) if turn is not None else None


def read_after(
    host: str, path: str, body: bytes, earlier: Iterable[Reading]
) -> tuple[Reading, Reading | None] | None:
    """The reading of a request body, and the earlier one that it goes on from; None when no wire
    understands it. It reads the same whatever was read earlier. Never raises.
    """
    module = _speaking(host, path)
    if module is None:
        return None
    found = again.read_on([each for each in earlier if each.wire is module], body)
    if found is not None:
        return found
    said = again.Logged()
    turn = module.read(body, said) if utf8(body) else None
    return (Reading(module, body, turn, said), None) if turn is not None else None


def _speaking(host: str, path: str) -> Wire | None:
    plain = path.partition("?")[0].rstrip("/")
    return next((module for module in _WIRES if module.matches(host, plain)), None)
