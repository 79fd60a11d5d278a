"""Which rows of an array the request is about, and which of them most of all."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from headroom_wrap import relevance
from headroom_wrap.compressors.jsontable.columns import Path

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LEAST_STEM = 4
_LEAST_NUMBER = 4
_RARE = 0.25


class Relevance:
    """The rows that share a rare term with the request, and how much they share."""

    def __init__(self, query: str, texts: list[str]) -> None:
        terms = relevance.terms(f"{query} {' '.join(_kin(query, texts))}")
        short = {term for term in terms if term.isdigit() and len(term) < _LEAST_NUMBER}
        numbered = {number: _rows_with(number, texts) for number in sorted(short)}
        told = {n for n, rows in numbered.items() if 0 < len(rows) <= max(5, _RARE * len(texts))}
        self.terms = (terms - short) | told
        words = " ".join(f"`{t}`" for t in sorted(terms - short))
        test = relevance.wanted(words, texts, _RARE)
        found = {i for i, text in enumerate(texts) if test(text)}
        self.rows = frozenset(found.union(*(numbered[number] for number in told)))
        self._texts = texts

    def best(self, most: int) -> list[int]:
        """The rows with the rarest terms, at most `most`; none when too many fit as well."""
        lowered = {i: self._texts[i].lower() for i in self.rows}
        weights = dict.fromkeys(self.rows, 0.0)
        for term in sorted(self.terms):
            hits = [i for i, text in lowered.items() if relevance.stands_in(term, text)]
            for i in hits:
                weights[i] += math.log(1 + len(self._texts) / len(hits)) * min(len(term), 12)
        ranked = sorted(weights, key=lambda i: (-weights[i], i))
        if len(ranked) > most:
            limit = weights[ranked[most]]
            ranked = [i for i in ranked[:most] if weights[i] > limit]
        return ranked


def _rows_with(number: str, texts: list[str]) -> set[int]:
    """The rows where a short number stands for itself, not as a part of another: 500 in 450/500."""
    alone = re.compile(rf"(?<![\w/.:-]){number}(?![\w/:-]|\.\d)")
    return {i for i, text in enumerate(texts) if number in text and alone.search(text)}


def _kin(query: str, texts: list[str]) -> list[str]:
    """Words of the rows that share their stem with a word of the request: auth, authentication."""
    asked = sorted({w.lower() for w in _WORD.findall(query) if len(w) > _LEAST_STEM})
    near = _beginning({word[:_LEAST_STEM] for word in asked}, "\n".join(texts)) if asked else set()
    return [
        word
        for word in sorted(near)
        if any(word != a and (a.startswith(word) or word.startswith(a)) for a in asked)
    ]


def _beginning(stems: set[str], text: str) -> set[str]:
    """The words and parts of words in the text that begin with one of the stems, lower-case."""
    lowered = text.lower()
    spelled = text if len(text) == len(lowered) else lowered
    found: set[str] = set()
    for stem in stems:
        at = lowered.find(stem)
        while at >= 0:
            if match := _WORD.match(spelled, at):
                found.add(match[0].lower())
            at = lowered.find(stem, at + len(stem))
    return {word for word in found if word[:_LEAST_STEM] in stems}


def plain_columns(query: str) -> Callable[[Path], bool]:
    """A test for columns that the request names: their values are told whole."""
    words = {word.lower() for word in _WORD.findall(query)}
    words |= {word.removesuffix("s") for word in words}

    def named(path: Path) -> bool:
        parts = [part.lower() for part in _WORD.findall(str(path[-1]))]
        return bool(parts) and words.issuperset(parts)

    return named
