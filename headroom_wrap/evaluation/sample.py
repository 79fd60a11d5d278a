"""Which rows are asked, and what stands beside their own passages; the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from headroom_wrap.errors import ConfigError
from headroom_wrap.evaluation import survival
from headroom_wrap.evaluation.rows import Row
from headroom_wrap.evaluation.suites import Suite


@dataclass(frozen=True, slots=True)
class Taste:
    """How many rows, 0 for all, and how many passages of other rows beside each one's own."""

    limit: int = 100
    among: int = 0
    seed: int = 0


def taken(suite: Suite, every: Sequence[Row], taste: Taste) -> list[Row]:
    """The rows to ask, in the order of the file."""
    if taste.among and not suite.MIXES:
        raise ConfigError(f"`{suite.NAME}` mixes no passages", "leave --among out")
    chosen = list(range(len(every)))
    if 0 < taste.limit < len(every):
        # A higher limit adds rows to those of a lower one: what was answered still counts.
        random.Random(taste.seed).shuffle(chosen)
        chosen = sorted(chosen[: taste.limit])
    rows = list(_named(every[at] for at in chosen))
    return [_among(row, every, taste) for row in rows] if taste.among else rows


def _named(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, no two of one name: outcomes are paired by it."""
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row.id] += 1
        yield row if seen[row.id] == 1 else replace(row, id=f"{row.id}#{seen[row.id]}")


def _among(row: Row, every: Sequence[Row], taste: Taste) -> Row:
    """The row with others' passages around its own; none of them answers its question."""
    rng = random.Random(f"{taste.seed}/{row.id}")
    found: list[str] = list(row.passages)
    for other in _shuffled(every, rng):
        for passage in other.passages:
            if len(found) >= len(row.passages) + taste.among:
                break
            if passage not in found and not (row.answers and survival.holds(row, passage)):
                found.append(passage)
    rng.shuffle(found)
    return replace(row, passages=tuple(found))


def _shuffled(every: Sequence[Row], rng: random.Random) -> Iterable[Row]:
    return rng.sample(every, min(len(every), 400))
