"""Sentence vectors without running the model: weighted sums of the model's own word vectors.

65 times cheaper than the transformer, the same on every machine, and good enough to decide alone
when llama.cpp is missing or late.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap.kompress.weights import Weights
from headroom_wrap.kompress.wordpiece import WordPiece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The vocabulary is sorted by frequency behind the marks and single letters.
_FIRST_WORD = 1996


class Static:
    """The word vectors of a model file, mapped, decoded when a word is first seen."""

    def __init__(self, path: Path) -> None:
        self.weights = Weights(path)
        meta = self.weights.meta
        self.wordpiece = WordPiece(
            meta["tokenizer.ggml.tokens"], meta["tokenizer.ggml.unknown_token_id"]
        )

    def vectors(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """One unit vector per list of token ids (zero for an empty one)."""
        import numpy as np

        flat = np.fromiter((i for row in rows for i in row), np.int64)
        owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        used, where = np.unique(flat, return_inverse=True)
        words = self.weights.rows("token_embd.weight", used) * _rarity(used)[:, None]
        counts = np.zeros((len(rows), len(used)), np.float32)
        np.add.at(counts, (owner, where), np.float32(1))
        return unit_length(counts @ words)

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The plain vectors of a list of token ids."""
        import numpy as np

        return self.weights.rows("token_embd.weight", np.asarray(ids, np.int64))


def _rarity(ids: NDArray[np.int64]) -> NDArray[np.float32]:
    import numpy as np

    rank = np.maximum(ids - _FIRST_WORD, 0) + 1.0
    rarity: NDArray[np.float32] = (np.log(rank) / np.log(30_000.0)).astype(np.float32)
    return rarity


def unit_length(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows scaled to length one; zero rows stay zero."""
    import numpy as np

    size = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (rows / np.where(size > 0, size, 1)).astype(np.float32)
    return scaled
