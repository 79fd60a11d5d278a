"""Sentence vectors without running the model: weighted sums of the model's own word vectors.

65 times cheaper than the transformer, the same on every machine, and good enough to decide alone
when llama.cpp is missing or late.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap.kompress.weights import mapped
from headroom_wrap.kompress.wordpiece import WordPiece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The vocabulary is sorted by frequency behind the marks and single letters.
_FIRST_WORD = 1996
_AT_ONCE = 1 << 14
"""Tokens whose words are unpacked at a time."""
_SHORT = 8
"""Stretches up to this length are summed all at once: most are, and a call costs more than they."""


class Static:
    """The word vectors of a model file, mapped, decoded when a word is first seen."""

    def __init__(self, path: Path) -> None:
        self.weights = mapped(path)
        meta = self.weights.meta
        self.wordpiece = WordPiece(
            meta["tokenizer.ggml.tokens"], meta["tokenizer.ggml.unknown_token_id"]
        )
        self.width = self.weights.tensors["token_embd.weight"].shape[-1]

    def vectors(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """One unit vector per list of token ids (zero for an empty one)."""
        import numpy as np

        found = np.zeros((len(rows), self.width), np.float32)
        first = size = 0
        for i, row in enumerate(rows):
            size += len(row)
            if size >= _AT_ONCE or i + 1 == len(rows):
                self._sums(rows[first : i + 1], found[first : i + 1])
                first, size = i + 1, 0
        return unit_length(found)

    def _sums(self, rows: Sequence[Sequence[int]], into: NDArray[np.float32]) -> None:
        import numpy as np

        filled = [i for i, row in enumerate(rows) if row]
        if not filled:
            return
        flat = np.fromiter(itertools.chain.from_iterable(rows), np.int64)
        used, where = np.unique(flat, return_inverse=True)
        words = self.weights.rows("token_embd.weight", used)
        words *= rarity(used)[:, None]
        sizes = np.asarray([len(rows[i]) for i in filled], np.int64)
        into[filled] = _summed(words, where, np.cumsum(sizes) - sizes, sizes)


def _summed(
    words: NDArray[np.float32],
    where: NDArray[np.int64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.float32]:
    """The sums of `words[where]` over stretches, word by word: the same bits on every machine."""
    import numpy as np

    found = np.empty((len(starts), words.shape[1]), np.float32)
    for size in range(1, _SHORT + 1):
        of_size = np.flatnonzero(sizes == size)
        first = starts[of_size]
        sums = words[where[first]]
        for i in range(1, size):
            sums += words[where[first + i]]
        found[of_size] = sums
    for i in np.flatnonzero(sizes > _SHORT).tolist():
        np.add.reduce(words[where[starts[i] : starts[i] + sizes[i]]], axis=0, out=found[i])
    return found


def rarity(ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """How rare each word is, 0 … 1, by its place in the vocabulary."""
    import numpy as np

    rank = np.maximum(ids - _FIRST_WORD, 0) + 1.0
    found: NDArray[np.float32] = (np.log(rank) / np.log(30_000.0)).astype(np.float32)
    return found


def unit_length(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows scaled to length one; zero rows stay zero."""
    import numpy as np

    size = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (rows / np.where(size > 0, size, 1)).astype(np.float32)
    return scaled
