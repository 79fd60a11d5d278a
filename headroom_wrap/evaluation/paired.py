"""Paired statistics: the same questions with and without, and how sure the difference is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_RESAMPLES = 10_000
_Z = 1.959964
# Fewer pairs say nothing about an interval.
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Paired:
    """With minus without, over `rows` pairs. The 95 % interval is None where there are too few;
    `p` is McNemar's exact one, for scores that are 0 or 1."""

    rows: int
    without: float
    with_: float
    better: int
    worse: int
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def difference(self) -> float:
        return self.with_ - self.without


def compare(without: Sequence[float], with_: Sequence[float], seed: int = 0) -> Paired | None:
    """The difference of two scores of the same rows; None without any."""
    if not without:
        return None
    better = sum(b > a for a, b in zip(without, with_, strict=True))
    worse = sum(b < a for a, b in zip(without, with_, strict=True))
    rows = len(without)
    whole = all(value in (0.0, 1.0) for value in (*without, *with_))
    low, high = None, None
    if rows >= _FEWEST and whole:
        low, high = bonett_price(better, worse, rows)
    elif rows >= _FEWEST and better + worse:
        low, high = bootstrap([b - a for a, b in zip(without, with_, strict=True)], seed)
    p = mcnemar(better, worse) if whole else None
    return Paired(rows, sum(without) / rows, sum(with_) / rows, better, worse, low, high, p)


def mcnemar(better: int, worse: int) -> float:
    """Two-sided exact p of so lopsided a split of the rows that changed."""
    changed = better + worse
    tail = sum(math.comb(changed, k) for k in range(min(better, worse) + 1))
    return min(1.0, float(2 * tail) / float(2**changed))


def bonett_price(better: int, worse: int, rows: int) -> tuple[float, float]:
    """An interval for paired proportions that stays honest where hardly a row changed: there the
    bootstrap's is [0, 0]. Bonett & Price, Statistics in Medicine 31 (2012) 1330."""
    up, down = (better + 1) / (rows + 2), (worse + 1) / (rows + 2)
    half = _Z * math.sqrt((up + down - (up - down) ** 2) / (rows + 2))
    return max(-1.0, up - down - half), min(1.0, up - down + half)


def bootstrap(differences: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The middle 95 % of the means of resampled pairs."""
    import numpy as np

    values = np.asarray(differences, dtype=np.float64)
    rng = np.random.default_rng(seed)
    means = [
        values[rng.integers(0, len(values), (_RESAMPLES // 10, len(values)))].mean(axis=1)
        for _ in range(10)
    ]
    low, high = np.quantile(np.concatenate(means), (0.025, 0.975))
    return float(low), float(high)
