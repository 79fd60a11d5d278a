"""What a dialect is: a plain module that adds our tool to one API's requests and answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from headroom_wrap.gateway.inject.hidden import Hidden
from headroom_wrap.gateway.inject.tool import Ask, Edit
from headroom_wrap.wire.spans import Json, Span


class Dialect(Protocol):
    """`top` are the members of a request body, `parsed` the body."""

    NAME: str

    def declaration(self, parsed: Json, tools: Span) -> Edit:
        """The edit that declares the tool in the array `tools`, which is not empty."""

    def put_back(self, parsed: Json, top: dict[str, Span], hidden: Hidden) -> list[Edit]:
        """The edits that restore what the client was not shown of earlier answers."""

    def answered(self, stream: AsyncIterator[bytes], ask: Ask) -> AsyncIterator[bytes]:
        """The body of an answer, streamed or whole, without our calls and with what the model says
        once they are answered."""
