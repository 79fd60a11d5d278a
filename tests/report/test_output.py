"""The comparison with those held out: what it says, and how often its interval is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from headroom_wrap import cli, ledger, paths
from headroom_wrap.ledger import Row
from headroom_wrap.report.output.effect import LEAST, Sample, effect
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Usage
from tests.report.simulated import World

MODEL = "claude-opus-4-8"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("cut", [0.15, 0.0])
def test_the_interval_holds_the_truth_in_93_of_100_data_sets(cut):
    world = World(conversations=160, holdout=0.3, cut=cut)
    found = [effect(world.samples(seed)) for seed in range(100)]
    right = [each is not None and each.part.low <= cut <= each.part.high for each in found]
    assert sum(right) >= 93


def test_it_is_the_same_each_time():
    world = World(holdout=0.3)
    assert effect(world.samples(1)) == effect(world.samples(1))


def test_strata_of_one_side_only_are_not_compared():
    samples = list(World(holdout=0.3).samples(1))
    alone = [Sample(f"x{n}", "other", True, 1, 9e9) for n in range(50)]
    assert effect([*samples, *alone]) == effect(samples)


@pytest.mark.parametrize(("steered", "held"), [(LEAST - 1, 50), (50, LEAST - 1), (0, 0)])
def test_few_conversations_say_nothing(steered, held):
    samples = [Sample(f"{n}", "s", True, 1, 90.0 + n) for n in range(steered)]
    samples += [Sample(f"h{n}", "s", False, 1, 100.0 + n) for n in range(held)]
    assert effect(samples) is None


def test_answers_that_are_all_alike_say_nothing():
    samples = [Sample(f"{n}", "s", n % 2 == 0, 1, 100.0) for n in range(100)]
    assert effect(samples) is None


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def fill(home: Path, conversations: int, **more: object) -> None:
    """A ledger in which each third conversation is held out and says a fifth more."""
    store, batch = Store(paths.under(home).store), Batch()
    for number in range(conversations):
        held = number % 3 == 0
        for turn in range(3):
            output = (100 + 7 * (number % 11) + turn) * (6 if held else 5)
            row = Row(
                at=ledger.now(),
                session="s",
                agent="claude",
                project="/p",
                wire="anthropic",
                model=MODEL,
                status=200,
                conversation=f"c{number}",
                usage=Usage(10, 900, 90, 0, output),
                side="held out" if held else "steered",
                kind="result" if turn else "user",
            )
            ledger.append(batch, ledger.replace(row, **more))
    store.write(batch)
    store.close()


def test_a_user_reads_what_was_saved(home, capsys):
    fill(home, 120)
    assert cli.run(["output-savings"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for words in ("steered 80 conversations · 240 answers", "held out 40", "95 %", "estimates"):
        assert words in out
    assert cli.run(["output-savings", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["enough"] is True
    part = facts["saved_fraction"]
    assert part["low"] < part["estimate"] < part["high"]
    assert part["estimate"] == pytest.approx(1 / 6, abs=0.03)
    # $25 per million output tokens.
    assert facts["saved_usd"]["estimate"] == pytest.approx(
        facts["saved_tokens"]["estimate"] * 25 / 1e6, rel=0.01
    )
    assert 0 < facts["sentence_usd"] < facts["saved_usd"]["estimate"]
    assert [each["kind"] for each in facts["strata"]] == ["result", "user"]


def test_until_there_is_enough_it_says_so(home, capsys):
    assert cli.run(["output-savings"]) == 0
    assert "HEADROOM_OUTPUT_HOLDOUT" in capsys.readouterr().out
    fill(home, 30)
    assert cli.run(["output-savings"]) == 0
    assert "10 of 30 conversations held out" in " ".join(capsys.readouterr().out.split())
    assert cli.run(["output-savings", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["enough"], facts["saved_fraction"], facts["saved_usd"]) == (False, None, None)


@pytest.mark.parametrize(
    "more", [{"status": 500}, {"usage": None}, {"side": ""}, {"side": "another version's"}]
)
def test_what_was_not_answered_or_not_measured_does_not_count(home, capsys, more):
    fill(home, 120, **more)
    assert cli.run(["output-savings", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steered"]["conversations"] == 0


def test_a_model_without_a_price_has_no_money(home, capsys):
    fill(home, 120, model="my-own")
    assert cli.run(["output-savings", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["saved_usd"] is None
    assert facts["saved_tokens"]["estimate"] > 0
    assert facts["unpriced_models"] == ["my-own"]
