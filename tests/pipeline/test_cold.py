"""Cold points: old results leave only when the provider has certainly forgotten them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from headroom_wrap import ledger
from headroom_wrap.clock import Moment, between
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.spill import Spill
from headroom_wrap.store import Store
from headroom_wrap.types import Level
from tests.pipeline.talk import Talk, code, forwarded, sent


class World:
    """A store, a clock and a long conversation."""

    def __init__(self, folder: Path, ttl: str = "") -> None:
        self.store = Store(folder / "store")
        self.spill = Spill(folder / "run", "/p")
        self.seconds = 1000.0
        self.talk = Talk(ttl=ttl)
        self.first = self.talk.result(code(200), tool="Read", file_path="old.py")
        self.again = self.talk.result(code(150), tool="Read", file_path="kept.py")
        for step in range(32):
            self.talk.result(f"step {step} is done", command=f"true {step}")
        self.talk.result(code(10), tool="Read", file_path="kept.py")
        self.pipeline = self.start()

    def start(self) -> Pipeline:
        judge = Judge(Level.SAFE, self.spill)
        here = Situation("s", "claude", "/p")
        return Pipeline(self.store, judge, here, lambda: Moment(self.seconds, "b", self.seconds))

    def after(self, seconds: float, cache_read: int = 0) -> dict[str, str]:
        self.seconds += seconds
        self.talk.result("fine", command="true")
        return sent(self.talk.send(self.pipeline, cache_read))

    def close(self) -> None:
        self.spill.close()
        self.store.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.talk.send(made.pipeline)
    yield made
    made.close()


def test_a_warm_cache_is_left_alone(world):
    for _ in range(3):
        assert world.after(350)[world.first] == code(200)


def test_what_is_old_and_not_used_leaves_when_it_is_cold(world):
    texts = world.after(361)
    assert texts[world.first] == (
        "[headroom: old result of `Read old.py` (200 lines) taken out; read the file again before "
        f"editing; original: {world.spill.folder}/{texts[world.first][-9:-1]}]"
    )
    assert Path(texts[world.first][-9 - len(str(world.spill.folder)) - 1 : -1]).read_text() == code(
        200
    )
    assert [row.cold for row in ledger.rows(world.store)] == [False, True]


def test_of_code_its_outline_stays(tmp_path):
    world = World(tmp_path)
    functions = [f"def part_{n}(x):\n" + "    x += 1\n" * 30 + "    return x" for n in range(12)]
    source = "\n\n".join(functions)
    world.talk.messages[2]["content"][0]["content"] = source
    world.talk.send(world.pipeline)
    text = world.after(361)[world.first]
    assert all(f"def part_{n}(x)" in text for n in range(12))
    assert text.count("x += 1") == 0
    assert "read the file again before editing" in text.split("\n")[-1]
    world.close()


@pytest.mark.parametrize(
    ("model", "thought", "leaves"),
    [
        ("claude-opus-4-8", True, True),
        ("claude-fable-5-2", False, True),
        ("claude-fable-5-2", True, False),
        ("claude-of-tomorrow", True, False),
    ],
)
def test_what_a_model_has_thought_about_stays_where_thoughts_are_tied_to_it(
    tmp_path, model, thought, leaves
):
    world = World(tmp_path)
    world.talk.model = model
    if thought:
        block = {"type": "thinking", "thinking": "", "signature": "c2lnbmVk"}
        world.talk.messages[3]["content"].insert(0, block)
    world.talk.send(world.pipeline)
    texts = world.after(361)
    assert (texts[world.first] != code(200)) is leaves
    assert ("taken out" in texts[world.first]) is leaves
    world.close()


def test_from_then_on_it_stays_so(world):
    world.after(361)
    before = forwarded(world.talk.send(world.pipeline))
    world.pipeline = world.start()
    world.talk.result("fine", command="true")
    assert forwarded(world.talk.send(world.pipeline))[: len(before)] == before
    assert [row.broken for row in ledger.rows(world.store)] == [0] * 4


def test_what_a_later_read_leans_on_stays(world):
    unused = world.talk.result(code(180), tool="Read", file_path="unused.py")
    later = world.talk.result(code(200), tool="Read", file_path="old.py")
    for step in range(32):
        world.talk.result(f"more {step}", command=f"true {step}")
    world.talk.send(world.pipeline)
    texts = world.after(361)
    assert texts[world.first] == code(200)
    assert texts[later].startswith("[… lines 1-200 as read above, unchanged]")
    assert "taken out" in texts[unused]
    world.talk.result("fine", command="true")
    assert sent(world.talk.send(world.pipeline))[later] == texts[later]
    assert not any(row.broken for row in ledger.rows(world.store))


def test_an_hours_cache_is_cold_after_an_hour(tmp_path):
    world = World(tmp_path, ttl="1h")
    world.talk.send(world.pipeline)
    assert world.after(3600)[world.first] == code(200)
    assert world.after(3661)[world.first] != code(200)
    world.close()


def test_somebody_else_went_on_with_it(world):
    for _ in range(2):
        world.talk.result("fine", command="true elsewhere")
    assert world.after(10_000)[world.first] == code(200)


def test_where_the_cache_was_warm_after_all_it_is_not_done_again(world):
    world.after(361, cache_read=100_000)
    world.talk.result(code(300), tool="Read", file_path="late.py")
    for step in range(33):
        world.talk.result(f"late {step}", command=f"true {step}")
    world.talk.send(world.pipeline)
    world.after(10_000)
    assert [row.cold for row in ledger.rows(world.store)].count(True) == 1


def test_a_clock_that_is_set_makes_nothing_cold():
    then = Moment(1000.0, "boot", 50.0)
    assert between(then, Moment(9000.0, "boot", 60.0)) == 10.0
    assert between(then, Moment(500.0, "other", 5.0)) == 0.0
    assert between(then, Moment(1600.0, "other", 5.0)) == 600.0
