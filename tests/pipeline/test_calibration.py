"""The price of a token of ours, learned from what prompts grow by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from headroom_wrap import ledger
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.store import Store
from headroom_wrap.types import Usage
from tests.pipeline.talk import HOST, PATH, Talk, code

MODEL = "claude-opus-4-8"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store")
    yield opened
    opened.close()


def play(store: Store, rate: float, steps: int = 8) -> list[float]:
    """A session whose provider counts `rate` tokens for each of ours; the factors in its rows."""
    one = Pipeline(store, Judge(), Situation("s", "claude", "/p"))
    talk, prompt = Talk(prompt=f"at {rate}"), 10_000
    for step in range(steps):
        talk.result(code(120 + step), tool="Read", file_path=f"{step}.py")
        found = one.shorten(HOST, PATH, talk.body())
        assert found.record is not None
        prompt += 50 + int(rate * found.record.row.new_after)
        one.settle(found.record, Usage(0, prompt - 100, 100, 0, 50), MODEL, 200)
    return [row.factor for row in ledger.rows(store)]


def test_the_factor_is_measured(store):
    factors = play(store, 1.3)
    assert factors[0] == 1.0
    assert factors[-1] == pytest.approx(1.3, abs=0.01)


def test_what_cannot_be_results_is_not_counted(store):
    assert play(store, 5.0)[-1] == 1.0
    assert play(store, 0.1)[-1] == 1.0


def test_money_goes_by_it(store):
    play(store, 1.3)
    row = ledger.replace(list(ledger.rows(store))[-1], old_before=9_000, old_after=1_000)
    plain = ledger.replace(row, factor=1.0)
    from headroom_wrap.report import total

    assert total([row]).saved == pytest.approx(1.3 * total([plain]).saved, rel=0.02)
    assert total([row]).tokens_saved == total([plain]).tokens_saved
