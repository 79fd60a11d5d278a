"""What the proxy needs from the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from headroom_wrap.pipeline import Conversation, Record, Shortened
    from headroom_wrap.types import Usage


class Pipeline(Protocol):
    """Blocking and thread-safe; nothing here raises."""

    def shorten(self, host: str, path: str, body: bytes) -> Shortened:
        """The body to forward."""

    def settle(self, record: Record | None, usage: Usage | None, model: str, status: int) -> None:
        """Called once per exchange, after the response."""

    def refused(self, endpoint: str, record: Record | None) -> None:
        """Called when the provider refused a changed body and then accepted the original."""

    def conversation(self) -> Conversation:
        """The memory of one WebSocket."""
