"""The wires: one module per API that carries tool results, found by the path of a request."""

from __future__ import annotations

from types import ModuleType

from headroom_wrap.types import Turn
from headroom_wrap.wire import anthropic, gemini, openai_chat, openai_responses
from headroom_wrap.wire.said import Carried
from headroom_wrap.wire.splice import splice

__all__ = ["Carried", "read", "splice"]

_WIRES: tuple[ModuleType, ...] = (anthropic, openai_responses, openai_chat, gemini)


def read(
    host: str, path: str, body: bytes, carried: Carried | None = None
) -> tuple[ModuleType, Turn] | None:
    """The wire and the turn of a request body, or None when no wire understands it.

    `carried` is what earlier messages of the same WebSocket said. Never raises.
    """
    plain = path.partition("?")[0].rstrip("/")
    for module in _WIRES:
        if module.matches(host, plain) and _sound(body):
            turn = module.read(body, carried or Carried())
            return (module, turn) if turn is not None else None
    return None


def _sound(body: bytes) -> bool:
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False
