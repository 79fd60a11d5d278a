"""Which lines the reader asked for: the rare words of the request, found again in the text."""

from __future__ import annotations

import bisect
import functools
import itertools
import operator
import re
from collections.abc import Callable, Iterable, Sequence

_WORD = re.compile(r"[^\W_]+(?:[._:/@#=-]+[^\W_]+)*", re.UNICODE)
# The same where no other letters are, sooner.
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]+(?:[._:/@#=-]+[A-Za-z0-9]+)*")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_A-Za-z]+", re.UNICODE)
# Scripts that put no blanks between words: Thai and its neighbours, kana, ideographs, and Hangul,
# whose words have endings. Any two letters in a row stand for a word there.
_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_LETTERS}]+")
# In Japanese these are endings and particles.
_HIRAGANA = re.compile("[\u3040-\u309f]{2}")
_QUOTED = re.compile(r"`([^`\n]{2,120})`|\"([^\"\n]{2,120})\"|'([^'\n]{2,120})'")

_COMMON = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does done "
    "each file files find first fix for from get give had has have help how i if in into is it its "
    "just line lines list look me more my need no not now of on one only or other our out please "
    "read run see should show so some tell than that the their them then there these they this to "
    "up us use used using was we what when where which who why will with would you your "
    "什么 怎么 如何 为什 哪个 哪些 多少 是否 请问 一下 这个 那个 可以 没有 我们".split()
)

# A request may itself be a pasted log: its words times the text is what looking for them costs.
_LEAST_TERMS, _MOST_TERMS = 40, 1000
_SCANNED = 100_000_000
# A conversation asks the same for every result, and so do the compressors of one.
_LINES_KEPT, _LONGEST_KEPT = 1024, 1000
_QUERIES_KEPT = 8


def words(text: str) -> list[str]:
    """The words of a text in order; what is joined by signs, as in names and paths, is one."""
    found: list[str] = (_PLAIN_WORD if text.isascii() else _WORD).findall(text)
    return found


def terms(query: str) -> frozenset[str]:
    """The words of a request worth looking for, lower-case: names, paths, ids, numbers, quotes."""
    return frozenset().union(*map(_in_line, set(query.split("\n"))))


def _in_line(line: str) -> frozenset[str]:
    return _kept_terms(line) if len(line) <= _LONGEST_KEPT else _terms(line)


def _terms(line: str) -> frozenset[str]:
    found: set[str] = set()
    if "`" in line or '"' in line or "'" in line:
        for groups in _QUOTED.findall(line):
            found.add(next(g for g in groups if g).strip().lower())
    if not line.isascii():
        for run in _UNSPACED.findall(line):
            pairs = map("".join, itertools.pairwise(run))
            found.update(pair for pair in pairs if not _HIRAGANA.match(pair))
        line = _UNSPACED.sub(" ", line)
    for word in set(words(line)):
        found.add(word.lower())
        if not _is_one_part(word):
            parts = [p.lower() for p in _PART.findall(word)]
            if len(parts) > 1:
                found.update(p for p in parts if len(p) > 3 or (p.isdigit() and len(p) > 1))
    return frozenset(t for t in found if t not in _COMMON and (len(t) > 1 or t.isdigit()))


_kept_terms = functools.lru_cache(_LINES_KEPT)(_terms)


def _is_one_part(word: str) -> bool:
    """Whether a word is plainly one of its parts, as most are."""
    if not word.isascii():
        return False
    return word.isdigit() or (word.isalpha() and (word[1:].islower() or len(word) == 1))


def wanted(query: str, lines: Iterable[str], rare: float = 0.1) -> Callable[[str], bool]:
    """A test for lines that share a rare term with `query`.

    A term is rare when at most max(5, `rare` × lines) of `lines` hold it: a word that stands in
    every line tells none of them apart.
    """
    known = list(lines)
    text = "\n".join(known).lower()
    found = [term for term in _telling(query, text) if term in text]
    if not found:
        return lambda line: False
    starts = _starts(known, text)
    limit = max(5, int(rare * len(known)))
    rows = {term: _lines_with(term, text, starts, limit) for term in found}
    kept = [term for term, where in rows.items() if where is not None]
    if not kept:
        return lambda line: False
    asked = {known[i] for where in rows.values() for i in where or ()}
    seen = set(known)

    def test(line: str) -> bool:
        if line in seen:
            return line in asked
        lowered = line.lower()
        return any(stands_in(term, lowered) for term in kept)

    return test


def _telling(query: str, text: str) -> tuple[str, ...]:
    """The terms of a request, the most special first; of very many only as many as time allows."""
    most = max(_LEAST_TERMS, min(_MOST_TERMS, _SCANNED // (len(text) + 1)))
    return _special(query)[:most]


@functools.lru_cache(_QUERIES_KEPT)
def _special(query: str) -> tuple[str, ...]:
    return tuple(sorted(terms(query), key=lambda t: (t.isalpha(), -len(t), t)))


def _starts(lines: Sequence[str], text: str) -> list[int]:
    """Where each line begins in their lower-cased text, and where one more would."""
    ends = list(itertools.accumulate(map(len, lines)))
    if ends and ends[-1] + len(lines) - 1 != len(text):
        # Some letters are longer in lower case.
        ends = list(itertools.accumulate(len(line.lower()) for line in lines))
    return [0, *map(operator.add, ends, itertools.count(1))]


def stands_in(term: str, text: str) -> bool:
    """Whether the term is a word of its own somewhere in lower-case text."""
    at = text.find(term)
    while at >= 0:
        if _is_whole(term, text, at):
            return True
        at = text.find(term, at + 1)
    return False


def _is_whole(term: str, text: str, at: int) -> bool:
    after = at + len(term)
    before, behind = text[at - 1 : at], text[after : after + 1]
    return not (
        (before.isalnum() and _joined(before, term[0]))
        or (behind.isalnum() and _joined(term[-1], behind))
    )


def _joined(letter: str, next_one: str) -> bool:
    """Whether two letters in a row belong to one word."""
    return not (_UNSPACED.match(letter) or _UNSPACED.match(next_one))


def _lines_with(term: str, text: str, starts: Sequence[int], limit: int) -> list[int] | None:
    """The lines where the term is a word of its own; None when it stands in more than `limit`."""
    found: list[int] = []
    held = 0
    at = text.find(term)
    while at >= 0:
        held += 1
        if held > limit:
            return None
        line = bisect.bisect_right(starts, at)
        end = starts[line]
        while 0 <= at < end:
            if _is_whole(term, text, at):
                found.append(line - 1)
                at = text.find(term, end)
            else:
                at = text.find(term, at + 1)
    return found
