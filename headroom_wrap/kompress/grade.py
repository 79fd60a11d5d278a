"""Drops words and sentences, to a token budget: the most needed of the most relevant stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headroom_wrap import tokens
from headroom_wrap.kompress import words
from headroom_wrap.kompress.choose import Selection, line_ranges, merged, spread
from headroom_wrap.kompress.page import Page
from headroom_wrap.kompress.segment import Unit
from headroom_wrap.kompress.words import Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]
    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.int64]

_RELEVANCE = 8.0
"""What a standard deviation of relevance weighs against the log odds that a word is needed."""
_NAMED = 3.0
_LITERAL = 1.0
_COMPANY = 8.0
"""Without a request: the weight of the whole sentence's need."""
_TELEGRAM = 1_000.0
_FILL = 14


def relevant(
    units: Sequence[Unit],
    groups: Sequence[Group],
    need: Scores,
    relevance: Scores,
    named: set[int],
) -> Scores:
    """One score per group: how near its sentence is to the request, and what readers need.

    `named`: units with a rare term of the request; they come before their equals.
    """
    import numpy as np

    literal = np.asarray([g.literal for g in groups], np.float32)
    lent = np.asarray(spread(units, [float(s) for s in relevance]), np.float32)
    lent[sorted(named)] += np.float32(_NAMED)
    found: Scores = need + _LITERAL * literal + _RELEVANCE * lent[[g.unit for g in groups]]
    return found


def blind(text: str, groups: Sequence[Group], need: Scores) -> Scores:
    """One score per group when nothing was asked: empty words go first, then whole sentences.

    A sentence is worth what its length holds of words that readers need.
    """
    import numpy as np

    unit = np.asarray([g.unit for g in groups], np.int64)
    hollow = np.asarray(words.empty(text, groups))
    size = np.asarray([g.end - g.start for g in groups]) * ~hollow
    wanted = ~hollow / (1.0 + np.exp(-need.astype(np.float64)))
    dense = np.bincount(unit, wanted) / np.maximum(1, np.bincount(unit, size))
    whole = np.log(dense + 1e-9)
    found: Scores = (need + _COMPANY * whole[unit] - _TELEGRAM * hollow).astype(np.float32)
    return found


def condensed(
    text: str, groups: Sequence[Group], scores: Scores, budget: int, mode: str
) -> Selection | None:
    """The best groups that fit into `budget` tokens, notes included; None: not even one does."""
    import numpy as np

    order = np.asarray(sorted(range(len(groups)), key=lambda i: (-float(scores[i]), i)), np.int64)
    page = Page(text, groups)
    low, high = 0, len(order)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens.count(page.shown(page.kept(order[:middle]))) <= budget:
            low = middle
        else:
            high = middle - 1
    if low == 0:
        return None
    kept = _filled(page, order, low, budget)
    stays, gone = (
        [(groups[i].start, groups[i].end) for i in np.flatnonzero(chosen).tolist()]
        for chosen in (kept, ~kept)
    )
    return Selection(page.shown(kept), merged(line_ranges(text, gone)), mode, tuple(stays))


def _filled(page: Page, order: Numbers, taken: int, budget: int) -> Flags:
    """What `order[:taken]` leaves of the budget goes to the next groups that are small enough."""
    kept = page.kept(order[:taken])
    for at in range(taken + 1, min(taken + 1 + _FILL, len(order))):
        more = kept | page.kept(order[at : at + 1])
        if tokens.count(page.shown(more)) <= budget:
            kept = more
    return kept
