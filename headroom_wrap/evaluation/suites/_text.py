"""How answers in words are compared: the rules of SQuAD's own evaluation."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from headroom_wrap.evaluation.rows import Answer

NOTHING = "unanswerable"
METRICS: tuple[str, ...] = ("f1", "exact match", "says it")
_ARTICLE = re.compile(r"\b(a|an|the)\b")
_MARKS = frozenset(string.punctuation)
# How readers begin an answer that was asked for without any beginning.
_LEAD = re.compile(r"^\s*(?:(?:the\s+)?answer(?:\s+is)?\s*:?\s+|answer\s*:\s*)", re.I)


def plain(text: str) -> str:
    """Lower case, without punctuation and articles, words one blank apart."""
    bare = "".join(mark for mark in text.lower() if mark not in _MARKS)
    return " ".join(_ARTICLE.sub(" ", bare).split())


def said(answer: Answer) -> str:
    """The words of an answer: its first line, "" where it says that there is none."""
    lines = [line for line in answer.text.strip().split("\n") if line.strip()]
    line = _LEAD.sub("", lines[0], count=1) if lines else ""
    return "" if plain(line).startswith(NOTHING) else line.strip()


def words(found: str, answers: Sequence[str]) -> dict[str, float]:
    """F1 and exact match against the best of the right answers; no answer is right as "". `says
    it`: whether a right one stands somewhere in the answer, as in a whole sentence."""
    golds = [plain(gold) for gold in answers] or [""]
    said = plain(found)
    return {
        "f1": max(_f1(said, gold) for gold in golds),
        "exact match": max(float(said == gold) for gold in golds),
        "says it": max(float(f" {gold} " in f" {said} " if gold else not said) for gold in golds),
    }


def _f1(found: str, gold: str) -> float:
    ours, theirs = found.split(), gold.split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers say the same words."""
    return plain(said(one)) == plain(said(other))
