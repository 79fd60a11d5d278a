"""Which lines the reader asked for: the rare words of the request, found again in the text."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

_WORD = re.compile(r"[^\W_]+(?:[._:/@#=-]+[^\W_]+)*", re.UNICODE)
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_A-Za-z]+", re.UNICODE)
_QUOTED = re.compile(r"`([^`\n]{2,120})`|\"([^\"\n]{2,120})\"|'([^'\n]{2,120})'")

_COMMON = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does done "
    "each file files find first fix for from get give had has have help how i if in into is it its "
    "just line lines list look me more my need no not now of on one only or other our out please "
    "read run see should show so some tell than that the their them then there these they this to "
    "up us use used using was we what when where which who why will with would you your".split()
)

# A request may itself be a pasted log: its words times the text is what looking for them costs.
_LEAST_TERMS, _MOST_TERMS = 40, 1000
_SCANNED = 100_000_000


def terms(query: str) -> frozenset[str]:
    """The words of a request worth looking for, lower-case: names, paths, ids, numbers, quotes."""
    found: set[str] = set()
    for groups in _QUOTED.findall(query):
        found.add(next(g for g in groups if g).strip().lower())
    for match in _WORD.finditer(query):
        word = match.group()
        found.add(word.lower())
        parts = [p.lower() for p in _PART.findall(word)]
        if len(parts) > 1:
            found.update(p for p in parts if len(p) > 3 or (p.isdigit() and len(p) > 1))
    return frozenset(t for t in found if t not in _COMMON and (len(t) > 1 or t.isdigit()))


def wanted(query: str, lines: Iterable[str], rare: float = 0.1) -> Callable[[str], bool]:
    """A test for lines that share a rare term with `query`.

    A term is rare when at most max(5, `rare` × lines) of `lines` hold it: a word that stands in
    every line tells none of them apart.
    """
    known = list(lines)
    lowered = list(map(str.lower, known))
    text = "\n".join(lowered)
    starts = [0, *itertools.accumulate(len(line) + 1 for line in lowered)]
    limit = max(5, int(rare * len(lowered)))
    kept = [term for term in _telling(query, text) if _lines_with(term, text, starts, limit)]
    if not kept:
        return lambda line: False
    asked = {known[i] for term in kept for i in _whole(term, text, starts)}
    others = set(known)
    others -= asked
    words = "|".join(map(re.escape, sorted(kept, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])")

    def test(line: str) -> bool:
        return line in asked or (line not in others and bool(pattern.search(line.lower())))

    return test


def _telling(query: str, text: str) -> list[str]:
    """The terms of a request, the most special first; of very many only as many as time allows."""
    most = max(_LEAST_TERMS, min(_MOST_TERMS, _SCANNED // (len(text) + 1)))
    special = sorted(terms(query), key=lambda t: (t.isalpha(), -len(t), t))
    return special[:most]


def _lines_with(term: str, text: str, starts: Sequence[int], limit: int) -> int:
    """How many lines hold the term, or 0 when more than `limit` do."""
    hits = 0
    at = text.find(term)
    while at >= 0:
        hits += 1
        if hits > limit:
            return 0
        at = text.find(term, starts[bisect.bisect_right(starts, at)])
    return hits


def _whole(term: str, text: str, starts: Sequence[int]) -> Iterator[int]:
    """The lines where the term stands as a word of its own."""
    at = text.find(term)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(term) : at + len(term) + 1]
        if not before.isalnum() and not after.isalnum():
            yield bisect.bisect_right(starts, at) - 1
        at = text.find(term, at + 1)
