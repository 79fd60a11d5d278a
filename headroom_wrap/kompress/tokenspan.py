"""The token and span heads of the larger model: which words are worth keeping, nothing asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headroom_wrap.kompress.weights import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

KIND = "kompress.kind"
TOKEN_SPAN = "token+span"
HEADS = (
    "token_head.weight",
    "token_head.bias",
    "span_conv.0.weight",
    "span_conv.0.bias",
    "span_conv.2.weight",
    "span_conv.2.bias",
)
CHUNK = 350
"""Words that are read at a time, as the model was trained."""
_INNER, _WIDE, _NARROW = 256, 5, 3


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads' weights; the convolutions as (out, in, width)."""

    token: Floats
    token_bias: Floats
    wide: Floats
    wide_bias: Floats
    narrow: Floats
    narrow_bias: Floats


def load(weights: Weights) -> Heads:
    """The heads in a model file's metadata."""
    token, token_bias, wide, wide_bias, narrow, narrow_bias = (
        weights.array(f"kompress.head.{name}") for name in HEADS
    )
    return Heads(
        token.reshape(2, -1),
        token_bias,
        wide.reshape(_INNER, -1, _WIDE),
        wide_bias,
        narrow.reshape(1, _INNER, _NARROW),
        narrow_bias,
    )


def keep(states: Floats, heads: Heads) -> Floats:
    """The score of each token, 0 … 1: the token head's, halved where the span is of no interest."""
    import numpy as np

    logits = states @ heads.token.T + heads.token_bias
    chance = 1 / (1 + np.exp(np.clip(logits[:, 0] - logits[:, 1], -60, 60)))
    inner = _gelu(_convolved(states, heads.wide, heads.wide_bias))
    span = _convolved(inner, heads.narrow, heads.narrow_bias)[:, 0]
    found: Floats = chance * (0.5 + 0.5 / (1 + np.exp(np.clip(-span, -60, 60))))
    return found


def per_word(rows: Floats, heads: Heads, count: int) -> Floats:
    """The best score among each word's tokens, from rows that name their word in front.

    Words that were not read are kept.
    """
    import numpy as np

    found = np.full(count, -1, np.float32)
    np.maximum.at(found, rows[:, 0].astype(np.int64), keep(rows[:, 1:], heads))
    return np.where(found < 0, np.float32(1), found)


def _convolved(rows: Floats, kernel: Floats, bias: Floats) -> Floats:
    """A one-dimensional convolution over the rows, of the same length."""
    import numpy as np

    reach = kernel.shape[2] // 2
    padded = np.pad(rows, ((reach, reach), (0, 0)))
    found: Floats = bias + sum(
        padded[i : i + len(rows)] @ kernel[:, :, i].T for i in range(kernel.shape[2])
    )
    return found


def _gelu(rows: Floats) -> Floats:
    import math

    import numpy as np

    error = np.vectorize(math.erf, otypes=[np.float32])
    found: Floats = 0.5 * rows * (1 + error(rows / math.sqrt(2)))
    return found
