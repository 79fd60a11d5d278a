"""What a compressor is: a plain module that satisfies this protocol."""

from __future__ import annotations

from typing import Protocol

from headroom_wrap.types import Ask, Origin, Squeezed


class Compressor(Protocol):
    """Text in, shorter text out: pure, deterministic, in order, no I/O, no clock.

    A module whose results may be `exact` also has `expand(text) -> str`, the decoder; it is run
    on every such result before the result is used.
    """

    NAME: str

    def score(self, text: str, origin: Origin) -> float:
        """How surely this text is ours, 0 … 1.

        1.0: the command says so and the shape agrees; 0.8: the shape is unmistakable; 0.5: it
        fits, others may fit better; 0: not ours. Looks at a bounded sample: < 0.2 ms.
        """

    def squeeze(self, text: str, origin: Origin, ask: Ask) -> Squeezed | None:
        """The shorter text, or None when there is nothing honest to gain: `_gain.gained` tells."""
