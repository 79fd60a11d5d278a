"""Whether a text became shorter: in tokens, which are counted where characters do not tell."""

from __future__ import annotations

from headroom_wrap import tokens
from headroom_wrap.types import Squeezed

_CLEARLY = 0.8
# Many of these in a row are one token.
_CHEAP = b" \t\n-=_*#."
# Below this a few odd characters can outweigh many cheap ones.
_LONG = 4_000


def gained(text: str, squeezed: Squeezed) -> Squeezed | None:
    """What every compressor ends with: its result, or None where `text` costs no more."""
    return squeezed if is_gain(squeezed.text, text) else None


def is_gain(new: str, old: str) -> bool:
    """Whether `new` costs fewer tokens than `old`."""
    if len(old) > _LONG and _weight(new) < _CLEARLY * _weight(old):
        return True
    return tokens.count(new) < tokens.count(old)


def _weight(text: str) -> int:
    # One look instead of one for each sign; what is not ASCII is a `?` here.
    return len(text.encode("ascii", "replace").translate(None, _CHEAP))
