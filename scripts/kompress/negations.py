"""Counts sentences turned round: a negation or condition gone, its neighbours still there."""

from __future__ import annotations

import re

import qa

from headroom_wrap import kompress, tokens
from headroom_wrap.kompress import segment

_WORD = re.compile(r"\S+")
_REACH = 4
# Not the product's own list: a word that is missing there must show here.
_TURNS = frozenset(
    "not no never none nor neither cannot without unless except only until if".split()
)
SHARES = (0.75, 0.5, 0.3)


def report() -> None:
    """One line per share kept, with and without a question."""
    questions = qa.load("train", "dev", "test")
    texts = sorted({question.passage.text for question in questions})
    asked = {question.passage.text: question.text for question in questions}
    print(f"\nNegations and conditions in {len(texts)} passages")
    for share in SHARES:
        for title, known in (("no question", False), ("a question", True)):
            if known is False and share < SHARES[0]:
                continue
            found = [inverted(text, asked[text] if known else "", share) for text in texts]
            seen, lost = map(sum, zip(*found, strict=True))
            print(f"{share:4.0%} kept, {title}: {lost} of {seen} inverted", flush=True)


def inverted(text: str, query: str, share: float) -> tuple[int, int]:
    """How many inverting words there are, and how many went while half of those around stayed."""
    budget = int(share * tokens.count(text))
    selection = kompress.condense(text, query, budget, deadline=0)
    if selection is None:
        return 0, 0
    shown = bytearray(len(text))
    for start, end in selection.kept:
        shown[start:end] = b"\x01" * (end - start)
    seen = lost = 0
    for unit in segment.units(text):
        spans = [m.span() for m in _WORD.finditer(text, unit.start, unit.end)]
        stays = [bool(shown[start]) for start, _ in spans]
        for i, (start, end) in enumerate(spans):
            if not _turns(text[start:end]):
                continue
            around = stays[max(0, i - _REACH) : i] + stays[i + 1 : i + 1 + _REACH]
            seen += 1
            lost += not stays[i] and 2 * sum(around) >= max(1, len(around))
    return seen, lost


def _turns(word: str) -> bool:
    bare = word.lower().strip(".,;:()!?*_'\"").replace("’", "'")
    return bare in _TURNS or bare.endswith("n't")
