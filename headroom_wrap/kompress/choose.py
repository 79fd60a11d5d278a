"""Keeps the units a request is about, whole and verbatim, and counts what is left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from headroom_wrap import relevance, tokens
from headroom_wrap.kompress.rank import Ranking
from headroom_wrap.kompress.segment import Unit

_HEADINGS = 0.2
_FORCED = 0.5
_PARAGRAPH = 220
_SMALL_GAP = 12
"""Tokens of a gap that is not worth its own note."""
_NOUNS = {"item": ("item", "items"), "code": ("line of code", "lines of code")}
_NOUNS |= {"table": ("table row", "table rows"), "link": ("link line", "link lines")}


@dataclass(frozen=True, slots=True)
class Selection:
    """A shortened text. `gaps`: line ranges [start, end) of the original not wholly shown."""

    text: str
    gaps: tuple[tuple[int, int], ...]
    mode: str
    kept: tuple[tuple[int, int], ...]
    """Stretches of the original that are shown."""


def chosen(text: str, units: Sequence[Unit], ranking: Ranking, query: str, keep: float) -> set[int]:
    """Numbers of the units that stay: the best that fit into `keep` of the tokens."""
    texts = [text[unit.start : unit.end] for unit in units]
    cost = [tokens.count(t) for t in texts]
    room = keep * sum(cost)
    kept: set[int] = set()
    for i in _order(units, ranking, asked_for(units, texts, cost, query)):
        group = _with_ties(units, i) - kept
        price = sum(cost[j] for j in group)
        if price <= room or not kept:
            kept |= group
            room -= price
    kept |= _outline(units, cost)
    return _without_small_gaps(units, cost, kept)


def _order(units: Sequence[Unit], ranking: Ranking, forced: set[int]) -> list[int]:
    lent = spread(units, [float(s) for s in ranking.scores])
    return sorted(range(len(units)), key=lambda i: (i not in forced, -lent[i], i))


def spread(units: Sequence[Unit], scores: list[float]) -> list[float]:
    """Lend the units behind a good one a part of its score: answers follow what was asked for."""
    found = list(scores)
    for i, unit in enumerate(units):
        if unit.kind == "link":
            found[i] = min(found[i], 0.0) - 1.0
        for back, share in ((1, 0.5), (2, 0.25)):
            if i >= back and scores[i - back] > 0:
                found[i] += share * scores[i - back]
        if i + 1 < len(units) and units[i + 1].block == unit.block and scores[i + 1] > 0:
            found[i] += 0.25 * scores[i + 1]
    return found


def asked_for(
    units: Sequence[Unit], texts: Sequence[str], cost: Sequence[int], query: str
) -> set[int]:
    """Units with a rare term of the request: these never go, within reason."""
    matches: Callable[[str], bool] = relevance.wanted(query, texts)
    found = {i for i, t in enumerate(texts) if units[i].kind != "link" and matches(t)}
    for whole in (_paragraphs(units, cost, found), found):
        if sum(cost[i] for i in whole) <= _FORCED * sum(cost):
            return whole
    return set()


def _paragraphs(units: Sequence[Unit], cost: Sequence[int], found: set[int]) -> set[int]:
    """Whole paragraphs for single sentences; what a defined term or heading stands over, too."""
    blocks: dict[int, list[int]] = {}
    for i, unit in enumerate(units):
        blocks.setdefault(unit.block, []).append(i)
    whole = set(found)
    for i in sorted(found):
        wanted = [units[i].block]
        if units[i].kind in ("term", "heading") and i + 1 < len(units):
            wanted.append(units[i + 1].block)
        for block in wanted:
            if sum(cost[j] for j in blocks[block]) <= _PARAGRAPH:
                whole.update(blocks[block])
    return whole


def _with_ties(units: Sequence[Unit], i: int) -> set[int]:
    """The unit, the one it introduces, and what introduces it."""
    group = {i}
    while units[max(group)].tied and max(group) + 1 < len(units):
        group.add(max(group) + 1)
    while min(group) > 0 and units[min(group) - 1].tied:
        group.add(min(group) - 1)
    return group


def _outline(units: Sequence[Unit], cost: Sequence[int]) -> set[int]:
    """All headings, unless they are most of the text."""
    found = {i for i, unit in enumerate(units) if unit.kind == "heading"}
    return found if sum(cost[i] for i in found) <= _HEADINGS * sum(cost) else set()


def _without_small_gaps(units: Sequence[Unit], cost: Sequence[int], kept: set[int]) -> set[int]:
    whole = set(kept)
    for gone, run in groupby(range(len(units)), key=lambda i: i not in kept):
        numbers = list(run)
        if gone and sum(cost[i] for i in numbers) < _SMALL_GAP:
            whole.update(numbers)
    return whole


def rendered(text: str, units: Sequence[Unit], kept: set[int], mode: str) -> Selection:
    """The kept units with a counted note where others were."""
    parts: list[str] = []
    gaps: list[tuple[int, int]] = []
    shown: list[tuple[int, int]] = []
    for stays, run in groupby(range(len(units)), key=lambda i: i in kept):
        numbers = list(run)
        start, end = units[numbers[0]].start, units[numbers[-1]].end
        if stays:
            parts.append(text[start:end])
            shown.append((start, end))
        else:
            parts.append(_note(text, start, end, [units[i] for i in numbers]))
            gaps.append((start, end))
    return Selection("".join(parts), merged(line_ranges(text, gaps)), mode, tuple(shown))


def _note(text: str, start: int, end: int, gone: Sequence[Unit]) -> str:
    """`[… 12 sentences]`, in line with what stood there and with the same space behind it."""
    kinds = {unit.kind for unit in gone}
    if kinds <= {"sentence", "term", "heading"}:
        n = sum(unit.sentences for unit in gone)
        words = "sentence" if n == 1 else "sentences"
    elif len(kinds) == 1:
        kind = kinds.pop()
        n = len(gone) if kind == "item" else text.count("\n", start, end) or 1
        words = _NOUNS[kind][n != 1]
    else:
        n = len(re.findall(r"\S[^\n]*", text[start:end]))
        words = "line" if n == 1 else "lines"
    stretch = text[start:end]
    indent = re.match(r"[ \t]*", stretch)
    lead = indent.group() if indent else ""
    tail = stretch[len(stretch.rstrip()) :]
    return f"{lead}[… {n} {words}]{tail or ' '}"


def line_ranges(text: str, stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines [first, last) that each stretch [start, end) touches."""
    breaks = [found.start() for found in re.finditer("\n", text)]
    found = []
    for start, end in stretches:
        stop = start + len(text[start:end].rstrip())
        found.append((bisect_left(breaks, start), bisect_left(breaks, stop) + 1))
    return found


def merged(gaps: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sorted ranges with those joined that touch."""
    whole: list[tuple[int, int]] = []
    for start, end in gaps:
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)
