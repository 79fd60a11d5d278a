"""What a wire is: a plain module that knows one API's way to send tool results."""

from __future__ import annotations

from typing import Protocol

from headroom_wrap.types import Turn
from headroom_wrap.wire.said import Said


class Wire(Protocol):
    """Finds the tool results in request bodies; what it does not know it leaves out."""

    NAME: str

    def matches(self, host: str, path: str) -> bool:
        """Whether a POST (or a WebSocket) to this path, without its query, speaks this API."""

    def read(self, body: bytes, said: Said) -> Turn | None:
        """The blocks of a request body, None when it is not of this API. Never raises.

        `said` holds what came before the body, if anything did, and takes note of what is in it.
        """
