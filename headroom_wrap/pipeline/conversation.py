"""One WebSocket: later messages build on earlier ones, so what was said is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_wrap import wire
from headroom_wrap.pipeline.decide import Seen
from headroom_wrap.shaper import Memory

if TYPE_CHECKING:
    from headroom_wrap.pipeline.core import Pipeline, Shortened


class Conversation:
    """Its messages come one after the other; `learn` never raises."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.carried = wire.Carried()
        self.seen = Seen()
        self.memory = Memory()

    def shorten_message(self, host: str, path: str, message: bytes) -> Shortened:
        """The message to forward in place of one from the client. Blocking."""
        self.memory.heard(message)
        return self._pipeline.shorten(host, path, message, self)

    def learn(self, message: bytes) -> None:
        """Take note of a message from the server: it names the calls whose results come next."""
        self.carried.learn(message)
