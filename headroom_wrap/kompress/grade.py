"""Drops words and sentences, to a token budget: the most needed of the most relevant stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from headroom_wrap import tokens
from headroom_wrap.kompress import words
from headroom_wrap.kompress.choose import Selection, line_range, merged, spread
from headroom_wrap.kompress.segment import Unit
from headroom_wrap.kompress.words import Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

_RELEVANCE = 8.0
"""What a standard deviation of relevance weighs against the log odds that a word is needed."""
_NAMED = 3.0
_LITERAL = 1.0
_COMPANY = 8.0
"""Without a request: the weight of the whole sentence's need."""
_TELEGRAM = 1_000.0
_GAP = 3
"""Words in a row that get a mark of their own where they were."""
_MARK = "…"
_NOTE = "[… {gone} words]\n"
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
    text: str,
    units: Sequence[Unit],
    groups: Sequence[Group],
    scores: Scores,
    budget: int,
    mode: str,
) -> Selection | None:
    """The best groups that fit into `budget` tokens, notes included; None: not even one does."""
    order = sorted(range(len(groups)), key=lambda i: (-float(scores[i]), i))
    fixed = _fixed(groups, units)
    low, high = 0, len(order)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens.count(_rendered(text, groups, _kept(groups, order[:middle], fixed))) <= budget:
            low = middle
        else:
            high = middle - 1
    if low == 0:
        return None
    kept = _filled(text, groups, order, low, fixed, budget)
    shown = _rendered(text, groups, kept)
    gone = [i for i in range(len(groups)) if i not in kept]
    gaps = [line_range(text, groups[i].start, groups[i].end) for i in gone]
    stretches = [(groups[i].start, groups[i].end) for i in sorted(kept)]
    return Selection(shown, merged(gaps), mode, tuple(stretches))


def _fixed(groups: Sequence[Group], units: Sequence[Unit]) -> dict[int, set[int]]:
    """Per sentence what stays while anything of it stays."""
    found: dict[int, set[int]] = {}
    for i, group in enumerate(groups):
        if group.fixed:
            found.setdefault(group.unit, set()).add(i)
    for number, unit in enumerate(units):
        if unit.tied and number + 1 < len(units):
            found.setdefault(number, set())
    return found


def _kept(groups: Sequence[Group], best: Sequence[int], fixed: dict[int, set[int]]) -> set[int]:
    kept = set(best)
    for unit in {groups[i].unit for i in best}:
        kept |= fixed.get(unit, set())
    return kept


def _filled(
    text: str,
    groups: Sequence[Group],
    order: Sequence[int],
    taken: int,
    fixed: dict[int, set[int]],
    budget: int,
) -> set[int]:
    """What `order[:taken]` leaves of the budget goes to the next groups that are small enough."""
    kept = _kept(groups, order[:taken], fixed)
    for i in order[taken + 1 : taken + 1 + _FILL]:
        more = kept | _kept(groups, [i], fixed)
        if tokens.count(_rendered(text, groups, more)) <= budget:
            kept = more
    return kept


def _rendered(text: str, groups: Sequence[Group], kept: set[int]) -> str:
    """The kept groups, a mark for every longer gap, and one note that counts the words."""
    parts: list[str] = []
    hole: list[Group] = []
    gone = 0
    for i, group in enumerate(groups):
        if i not in kept:
            hole.append(group)
            continue
        gone += _close(text, hole, parts)
        hole = []
        parts.append(text[group.start : group.end])
    gone += _close(text, hole, parts)
    if not gone:
        return "".join(parts)
    return _NOTE.format(gone=gone) + "".join(parts)


def _close(text: str, hole: Sequence[Group], parts: list[str]) -> int:
    """End a gap: its mark if it is long, and the line break it stood before."""
    if not hole:
        return 0
    stretch = text[hole[0].start : hole[-1].end]
    count = len(stretch.split())
    before = parts[-1][-1:] if parts else "\n"
    if count >= _GAP:
        lead = "" if before.isspace() else " "
        parts.append(lead + _MARK + " ")
    last = re.search(r"\r?\n\s*$", stretch)
    if last and not (parts and parts[-1].endswith("\n")):
        if parts:
            parts[-1] = parts[-1].rstrip(" ")
        parts.append(last.group())
    return count
