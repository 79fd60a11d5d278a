"""The statistics: known values, and intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from headroom_wrap.evaluation.paired import bonett_price, bootstrap, compare, mcnemar

# better, worse, two-sided exact p (of a fair coin)
SPLITS = [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (10, 10, 1.0), (2, 10, 0.0386)]


@pytest.mark.parametrize(("better", "worse", "p"), SPLITS)
def test_mcnemar(better: int, worse: int, p: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(p, abs=1e-4)


def test_nothing_changed_is_not_taken_for_certainty() -> None:
    low, high = bonett_price(0, 0, 50)
    assert low == -high
    assert 0.03 < high < 0.08


@pytest.mark.parametrize("effect", [0.0, -0.05, -0.15])
def test_an_interval_for_right_and_wrong_covers_the_truth(effect: float) -> None:
    rng = np.random.default_rng(11)
    worse, better = 0.06 - effect, 0.06
    covered = 0
    for _ in range(400):
        split = rng.multinomial(60, [better, worse, 1 - better - worse])
        low, high = bonett_price(int(split[0]), int(split[1]), 60)
        covered += low <= effect <= high
    assert covered >= 0.93 * 400


def test_a_bootstrap_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(5)
    covered = 0
    for seed in range(100):
        changed = rng.random(80) < 0.3
        differences = np.where(changed, rng.normal(-0.2, 0.4, 80), 0.0)
        low, high = bootstrap(list(differences), seed)
        covered += low <= -0.06 <= high
    assert covered >= 90


def test_one_seed_one_interval() -> None:
    differences = [0.1, -0.4, 0.0, 0.3] * 5
    assert bootstrap(differences, 3) == bootstrap(differences, 3) != bootstrap(differences, 4)


def test_what_is_said_of_few_and_of_none() -> None:
    few = compare([1.0, 0.0], [0.0, 0.0])
    assert few is not None
    assert (few.difference, few.low, few.p) == (-0.5, None, 1.0)
    assert compare([], []) is None
    unchanged = compare([0.3] * 20, [0.3] * 20)
    assert unchanged is not None
    assert (unchanged.low, unchanged.better, unchanged.p) == (None, 0, None)
