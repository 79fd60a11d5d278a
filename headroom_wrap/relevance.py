"""Which lines the reader asked for: the rare words of the request, found again in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_WORD = re.compile(r"[^\W_]+(?:[._:/@#-]+[^\W_]+|_+[^\W_]+)*", re.UNICODE)
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_A-Za-z]+", re.UNICODE)
_QUOTED = re.compile(r"`([^`\n]{2,120})`|\"([^\"\n]{2,120})\"|'([^'\n]{2,120})'")

_COMMON = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does done "
    "each file files find first fix for from get give had has have help how i if in into is it its "
    "just line lines list look me more my need no not now of on one only or other our out please "
    "read run see should show so some tell than that the their them then there these they this to "
    "up us use used using was we what when where which who why will with would you your".split()
)


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
            found.update(p for p in parts if len(p) > 3 or p.isdigit())
    return frozenset(t for t in found if t not in _COMMON and (len(t) > 1 or t.isdigit()))


def wanted(query: str, lines: Iterable[str], rare: float = 0.1) -> Callable[[str], bool]:
    """A test for lines that share a rare term with `query`.

    A term is rare when at most max(5, `rare` × lines) of `lines` hold it: a word that stands in
    every line tells none of them apart.
    """
    lowered = [line.lower() for line in lines]
    limit = max(5, int(rare * len(lowered)))
    kept = []
    for term in terms(query):
        hits = 0
        for line in lowered:
            if term in line:
                hits += 1
                if hits > limit:
                    break
        if 0 < hits <= limit:
            kept.append(re.escape(term))
    if not kept:
        return lambda line: False
    kept.sort(key=lambda t: (-len(t), t))
    pattern = re.compile("|".join(rf"(?<![^\W_]){t}(?![^\W_])" for t in kept))
    return lambda line: pattern.search(line.lower()) is not None
