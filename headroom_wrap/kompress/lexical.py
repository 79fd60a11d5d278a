"""BM25 between a request and the units of a text: exact words, where they are rare."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence

from headroom_wrap import relevance

_PART = re.compile(r"[^\W_]+")
_ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s", "ly", "e")
_VAGUE = frozenset(
    "about docs document documentation page manual readme description text file say says said tell "
    "explain show quote summary summarise summarize check please section mean means does happens "
    "work works way possible thing things command option value name e.g i.e etc much many long "
    "kind used using uses want wants needs there anything something".split()
)
_K1, _B = 1.2, 0.75


# The same few thousand words make up most of what anybody says.
@functools.lru_cache(1 << 14)
def stem(word: str) -> str:
    """A word without its commonest English endings."""
    if not word.endswith(_ENDINGS):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def asked(query: str) -> frozenset[str]:
    """The stemmed terms of a request that can tell one sentence from another."""
    return frozenset(stem(term) for term in relevance.terms(query) if term not in _VAGUE)


def spoken(text: str) -> list[str]:
    """The stemmed words of a text; compound names both whole and in parts."""
    return list(map(stem, _words(text)))


def _words(text: str) -> list[str]:
    found = relevance.words(text.lower())
    parts = [_PART.findall(name) for name in found if not name.isalnum()]
    return [*found, *itertools.chain.from_iterable(parts)]


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """BM25 of each text."""
    wanted = asked(query)
    if not wanted or not texts:
        return [0.0] * len(texts)
    said = [_words(text) for text in texts]
    # Each word is looked at once, however often it is said.
    terms = {word: stem(word) for word in set().union(*said) if stem(word) in wanted}
    counts = [Counter([terms[word] for word in words if word in terms]) for words in said]
    sizes = list(map(len, said))
    found = Counter(word for count in counts for word in count)
    mean = sum(sizes) / len(sizes) or 1.0
    weight = {w: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for w, n in sorted(found.items())}
    return [
        sum(
            weight[w] * tf * (_K1 + 1) / (tf + _K1 * (1 - _B + _B * size / mean))
            for w, tf in sorted(count.items())
        )
        for count, size in zip(counts, sizes, strict=True)
    ]
