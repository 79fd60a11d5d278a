"""How much less the steered conversations say than those held out, with a 95 % interval.

Conversations are drawn to their sides, so they are what is resampled: the turns of one are alike.
Within each stratum (say, a model's answers to results) the mean of those held out says what the
steered turns would have been, each stratum weighing as many turns as were steered. The interval
is a studentised cluster bootstrap of the logarithm of the ratio: means of so skewed numbers are
far from normal, and plain percentiles then cover too little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

CONFIDENCE = 0.95
# A nominal 95 % would hold the truth in 92 or 93 of 100 simulated data sets, so few and so skewed
# are the sums: `scripts/bench-output` counts what this one holds.
_NOMINAL = 0.98
# Fewer conversations on a side say nothing; so do strata with fewer.
LEAST = 30
LEAST_IN_STRATUM = 10
_RESAMPLED = 2000
_AT_ONCE = 250
_SEED = 20261128


@dataclass(frozen=True, slots=True)
class Sample:
    """The turns of one conversation in one stratum: how many, and what they add up to."""

    conversation: str
    stratum: str
    steered: bool
    turns: int
    sum: float


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and between what it lies 95 times in 100."""

    estimate: float
    low: float
    high: float

    def times(self, factor: float) -> Interval:
        return Interval(self.estimate * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Effect:
    """What was saved of what would have been, as a part and in all, over the steered turns in
    strata that both sides have."""

    part: Interval
    total: Interval
    turns: int


@dataclass(frozen=True, slots=True)
class _Side:
    """One side as tables: conversations × strata."""

    turns: Array
    sums: Array


def measured(samples: Iterable[Sample]) -> frozenset[str]:
    """The strata in which both sides have enough conversations."""
    count: dict[tuple[str, bool], int] = {}
    for sample in samples:
        key = sample.stratum, sample.steered
        count[key] = count.get(key, 0) + 1
    names = {stratum for stratum, _ in count}
    return frozenset(
        name
        for name in names
        if all(count.get((name, side), 0) >= LEAST_IN_STRATUM for side in (True, False))
    )


def effect(samples: Iterable[Sample]) -> Effect | None:
    """What was saved; None when that cannot be told yet."""
    given = list(samples)
    strata = sorted(measured(given))
    kept = [sample for sample in given if sample.stratum in strata]
    steered, held = _side(kept, strata, True), _side(kept, strata, False)
    if min(len(steered.turns), len(held.turns)) < LEAST:
        return None
    ratio = _logarithm(steered, held)
    if ratio is None:
        return None
    spent = float(steered.sums.sum())
    part = Interval(*(-math.expm1(each) for each in (ratio.estimate, ratio.high, ratio.low)))
    saved = (spent * math.expm1(-each) for each in (ratio.estimate, ratio.high, ratio.low))
    return Effect(part, Interval(*saved), int(steered.turns.sum()))


def _side(samples: list[Sample], strata: list[str], steered: bool) -> _Side:
    import numpy as np

    mine = [sample for sample in samples if sample.steered is steered]
    names = {name: at for at, name in enumerate(sorted({s.conversation for s in mine}))}
    column = {name: at for at, name in enumerate(strata)}
    side = _Side(np.zeros((len(names), len(strata))), np.zeros((len(names), len(strata))))
    for sample in mine:
        place = names[sample.conversation], column[sample.stratum]
        side.turns[place] += sample.turns
        side.sums[place] += sample.sum
    return side


def _logarithm(steered: _Side, held: _Side) -> Interval | None:
    """The logarithm of what the steered turns said over what they would have said."""
    import numpy as np

    ones = [np.ones((1, len(side.turns))) for side in (steered, held)]
    ratios, errors = _ratios(steered, held, *ones)
    point, error = float(ratios[0]), float(errors[0])
    if not math.isfinite(point) or not error > 0:
        return None
    random = np.random.default_rng(_SEED)
    found = []
    for _ in range(_RESAMPLED // _AT_ONCE):
        drawn = [_drawn(random, len(side.turns)) for side in (steered, held)]
        again, errors = _ratios(steered, held, *drawn)
        with np.errstate(all="ignore"):
            found.append((again - point) / errors)
    scores = np.concatenate(found)
    tail = (1 - _NOMINAL) / 2
    low, high = np.quantile(scores[np.isfinite(scores)], [tail, 1 - tail])
    return Interval(point, point - float(high) * error, point - float(low) * error)


def _drawn(random: np.random.Generator, count: int) -> Array:
    """How often each conversation is in each of the resampled sides."""
    return random.multinomial(count, [1 / count] * count, size=_AT_ONCE).astype(float)


def _ratios(steered: _Side, held: _Side, times: Array, held_times: Array) -> tuple[Array, Array]:
    """For each row of weights: the logarithm of the ratio, and its standard error (linearised)."""
    import numpy as np

    turns, held_turns = times @ steered.turns, held_times @ held.turns
    # A resampled side may lack a stratum: it is not compared then.
    there = held_turns > 0
    with np.errstate(all="ignore"):
        means = np.where(there, (held_times @ held.sums) / held_turns, 0.0)
        spent = (times @ steered.sums * there).sum(1)
        without = (turns * means).sum(1)
        own = there @ steered.sums.T / spent[:, None] - means @ steered.turns.T / without[:, None]
        weights = np.where(there, turns / held_turns, 0.0) / without[:, None]
        others = weights @ held.sums.T - (weights * means) @ held.turns.T
        error = np.sqrt(_spread(own, times) + _spread(others, held_times))
        return np.log(spent / without), error


def _spread(influence: Array, times: Array) -> Array:
    count = influence.shape[1]
    total: Array = (times * influence**2).sum(1) * count / max(count - 1, 1)
    return total
