"""What Kompress has to beat: simple ways to cut a text to a token budget."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

from headroom_wrap import tokens
from headroom_wrap.kompress import lexical, segment
from headroom_wrap.kompress.head import PLAIN

Baseline = Callable[[str, str, int], str]
_WORD = re.compile(r"\S+\s*")


def _best(pieces: Sequence[str], scores: Sequence[float], budget: int) -> str:
    """The pieces with the highest scores that fit, in text order."""
    order = sorted(range(len(pieces)), key=lambda i: (-scores[i], i))
    low, high = 0, len(order)
    while low < high:
        middle = (low + high + 1) // 2
        kept = "".join(pieces[i] for i in sorted(order[:middle]))
        if tokens.count(kept) <= budget:
            low = middle
        else:
            high = middle - 1
    return "".join(pieces[i] for i in sorted(order[:low]))


def dice(text: str, query: str, budget: int) -> str:
    """Random words."""
    words = _WORD.findall(text)
    rng = random.Random(len(text))
    return _best(words, [rng.random() for _ in words], budget)


def head(text: str, query: str, budget: int) -> str:
    """The beginning."""
    words = _WORD.findall(text)
    return _best(words, [-float(i) for i in range(len(words))], budget)


def stopwords(text: str, query: str, budget: int) -> str:
    """Stop words out, then the beginning."""
    words = _WORD.findall(text)
    scores = [-float(i) - 1e6 * (w.strip(" \n.,;:").lower() in PLAIN) for i, w in enumerate(words)]
    return _best(words, scores, budget)


def tfidf(text: str, query: str, budget: int) -> str:
    """The words that are rare here, sentences as documents."""
    sentences = [set(lexical.spoken(text[u.start : u.end])) for u in segment.units(text)]
    holding = Counter(word for sentence in sentences for word in sentence)
    often = Counter(lexical.spoken(text))
    words = _WORD.findall(text)

    def weight(word: str) -> float:
        said = lexical.spoken(word) or [""]
        return max(often[w] * math.log((1 + len(sentences)) / (1 + holding[w])) for w in said)

    return _best(words, [weight(w) for w in words], budget)


def bm25(text: str, query: str, budget: int) -> str:
    """Whole sentences by BM25 with the question."""
    pieces = [text[u.start : u.end] for u in segment.units(text)]
    return _best(pieces, lexical.scores(query, pieces), budget)


BASELINES: dict[str, Baseline] = {
    "random words": dice,
    "head cut": head,
    "stop words, then head": stopwords,
    "tf-idf words": tfidf,
    "BM25 sentences": bm25,
}
