"""The keep/drop head: how likely a reader's question needs a word group, from word vectors alone.

A linear model over the group's static vector and a few marks of its shape. It needs no llama.cpp
and gives the same figures on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headroom_wrap.kompress import words
from headroom_wrap.kompress.lexical import spoken
from headroom_wrap.kompress.static import Static, rarity
from headroom_wrap.kompress.words import Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

WEIGHT, BIAS = "kompress.head.weight", "kompress.head.bias"
MARKS = 13
"""How many features there are beside the vector."""
PLAIN = frozenset(
    "a about above after again all also am an and any are as at be because been before being below "
    "between both by can could did do does doing down during each few for from further had has "
    "have having he her here hers him his how i in into is it its itself just may me might more "
    "most much my of off on once or other our ours out over own same she should so some such than "
    "that the their theirs them then there these they this those through to too under up upon us "
    "very was we were what when where which while who whom why will with would you your".split()
)
"""Words that carry grammar more than meaning; none of them inverts a sentence."""


def features(text: str, groups: Sequence[Group], static: Static) -> Scores:
    """One row per group: its vector, then its marks."""
    import numpy as np

    texts = [text[g.start : g.end] for g in groups]
    rows = [static.wordpiece.ids(t) for t in texts]
    marks = np.zeros((len(groups), MARKS), np.float32)
    seen: set[str] = set()
    for i, (group, mine, ids) in enumerate(zip(groups, texts, rows, strict=True)):
        first = i == 0 or groups[i - 1].unit != group.unit
        marks[i] = (*_shape(mine, group, first), *_novelty(mine, seen), *_rarities(ids))
    return np.concatenate([static.vectors(rows), marks], axis=1)


def _shape(text: str, group: Group, first: bool) -> tuple[float, ...]:
    bare = text.strip()
    return (
        float(group.literal),
        float(any(map(str.isdigit, bare))),
        float(not first and bare[:1].isupper()),
        float(first),
        float(group.fixed),
        float(words.alarming(bare)),
        float(bare[-1:] in ".!?:;"),
        min(len(bare), 60) / 20.0,
        min(bare.count(" "), 5) / 2.0,
    )


def _novelty(text: str, seen: set[str]) -> tuple[float, float]:
    """The share of common words, and of words that the text has already used."""
    said = spoken(text)
    if not said:
        return 0.0, 0.0
    again = sum(word in seen for word in said) / len(said)
    seen.update(said)
    return grammatical(text), again


def grammatical(text: str) -> float:
    """The share of words in `text` that carry grammar only."""
    said = text.lower().split()
    return sum(word.strip(".,;:()'\"") in PLAIN for word in said) / max(1, len(said))


def _rarities(ids: Sequence[int]) -> tuple[float, float]:
    import numpy as np

    if not ids:
        return 0.0, 0.0
    found = rarity(np.asarray(ids, np.int64))
    return float(np.max(found)), float(np.sum(found)) / len(ids)


def scores(text: str, groups: Sequence[Group], static: Static) -> Scores:
    """The log odds that each group is needed."""
    import numpy as np

    weight = static.weights.array(WEIGHT)
    bias = float(static.weights.meta[BIAS])
    # einsum, not BLAS: the order of the sums must not depend on the machine.
    found: Scores = np.einsum("ij,j->i", features(text, groups, static), weight) + np.float32(bias)
    return found
