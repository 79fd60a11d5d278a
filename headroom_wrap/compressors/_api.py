"""What a compressor is: a plain module that satisfies this protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from headroom_wrap.types import Ask, Origin, Squeezed

Decoder = Callable[[str], str]
"""A shortened text back in its original form; raises ValueError where it is not one of ours."""


class Compressor(Protocol):
    """Text in, shorter text out: pure, deterministic, in order, no I/O, no clock.

    A module whose results may be `exact` also has `expand`, a `Decoder`; it is run on every such
    result before the result is used.
    """

    NAME: str

    def score(self, text: str, origin: Origin) -> float:
        """How certainly the text is of this compressor's kind, from 0 to 1.

        1.0: the command says so and the shape agrees; 0.8: the shape is unmistakable; 0.5: it
        fits, others may fit better; 0: another kind. Looks at a bounded sample: < 0.2 ms.
        """

    def squeeze(self, text: str, origin: Origin, ask: Ask) -> Squeezed | None:
        """The shorter text; None where `_gain.gained` says that it would save nothing."""
