"""What every dialect needs: the tool's schema, edits of a body, and what an answer may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from headroom_wrap.gateway.inject.hidden import Hidden
from headroom_wrap.mcp.tools import RETRIEVE
from headroom_wrap.wire.spans import Span

NAME: str = RETRIEVE["name"]
DESCRIPTION: str = RETRIEVE["description"]
SCHEMA: dict[str, Any] = RETRIEVE["inputSchema"]
# Further rounds are answered in words: a model that never stops must not cost without end.
ROUNDS = 3
ENOUGH = "No more originals in this turn: answer with what you have."

Edit = tuple[Span, bytes]


@dataclass(frozen=True, slots=True)
class Ask:
    """What an answer may lead to: a continuation of its request, originals, a note for later."""

    body: bytes
    post: Callable[[bytes], Awaitable[AsyncIterator[bytes]]]
    fetch: Callable[[Any], Awaitable[str]]
    hidden: Hidden

    async def result(self, arguments: Any, round_: int) -> str:
        """What the model gets for a call."""
        return await self.fetch(arguments) if round_ < ROUNDS else ENOUGH


def appended(array: Span, text: bytes) -> Edit:
    """The edit that adds elements to a JSON array that is not empty."""
    return (array[1] - 1, array[1] - 1), b", " + text
