"""The keep/drop head: how likely a reader's question needs a word group, from word vectors alone.

A linear model over the group's static vector and a few marks of its shape. It needs no llama.cpp
and gives the same figures on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from headroom_wrap.kompress import words
from headroom_wrap.kompress.lexical import spoken
from headroom_wrap.kompress.static import Static, rarity
from headroom_wrap.kompress.words import Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]
    Floats = NDArray[np.float64]

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


class _Said(NamedTuple):
    """What can be told of a group by its text alone; texts say the same few words again."""

    ids: list[int]
    stems: list[str]
    common: float
    digit: bool
    capital: bool
    alarming: bool
    ends: bool
    length: float
    spaces: float


def features(text: str, groups: Sequence[Group], static: Static) -> Scores:
    """One row per group: its vector, then its marks."""
    import numpy as np

    texts = [text[g.start : g.end] for g in groups]
    known = {mine: _said(mine, static) for mine in dict.fromkeys(texts)}
    said = [known[mine] for mine in texts]
    rows = [one.ids for one in said]
    marks = np.zeros((len(groups), MARKS), np.float32)
    marks[:, :-2] = list(_shapes(groups, said))
    marks[:, -2:] = _rarities(rows)
    return np.concatenate([static.vectors(rows), marks], axis=1)


def _said(text: str, static: Static) -> _Said:
    bare = text.strip()
    stems = spoken(text)
    return _Said(
        static.wordpiece.ids(text),
        stems,
        grammatical(text) if stems else 0.0,
        any(map(str.isdigit, bare)),
        bare[:1].isupper(),
        words.alarming(bare),
        bare[-1:] in ".!?:;",
        min(len(bare), 60) / 20.0,
        min(bare.count(" "), 5) / 2.0,
    )


def _shapes(groups: Sequence[Group], said: Sequence[_Said]) -> Iterator[tuple[float, ...]]:
    """Form and place of each group, the share of common words in it, and of words said before."""
    seen: set[str] = set()
    unit = -1
    for group, one in zip(groups, said, strict=True):
        first, unit = group.unit != unit, group.unit
        again = sum(word in seen for word in one.stems) / max(1, len(one.stems))
        seen.update(one.stems)
        yield (
            group.literal,
            one.digit,
            one.capital and not first,
            first,
            group.fixed,
            one.alarming,
            one.ends,
            one.length,
            one.spaces,
            one.common,
            again,
        )


def grammatical(text: str) -> float:
    """The share of words in `text` that carry grammar only."""
    said = text.lower().split()
    return sum(word.strip(".,;:()'\"") in PLAIN for word in said) / max(1, len(said))


def _rarities(rows: Sequence[Sequence[int]]) -> Floats:
    """The rarest word of each row, and the mean."""
    import numpy as np

    found = np.zeros((len(rows), 2))
    filled = [i for i, row in enumerate(rows) if row]
    if not filled:
        return found
    sizes = np.asarray([len(rows[i]) for i in filled], np.int64)
    rare = rarity(np.fromiter((token for row in rows for token in row), np.int64))
    starts = np.cumsum(sizes) - sizes
    found[filled, 0] = np.maximum.reduceat(rare, starts)
    # One by one: how `reduceat` groups its sums is another matter.
    ends = (starts + sizes).tolist()
    sums = [float(np.sum(rare[a:b])) for a, b in zip(starts.tolist(), ends, strict=True)]
    found[filled, 1] = np.asarray(sums, np.float64) / sizes
    return found


def scores(text: str, groups: Sequence[Group], static: Static) -> Scores:
    """The log odds that each group is needed."""
    import numpy as np

    weight = static.weights.array(WEIGHT)
    bias = float(static.weights.meta[BIAS])
    # einsum, not BLAS: the order of the sums must not depend on the machine.
    found: Scores = np.einsum("ij,j->i", features(text, groups, static), weight) + np.float32(bias)
    return found
