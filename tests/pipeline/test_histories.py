"""Whatever becomes of conversations, what was forwarded once is forwarded again, byte for byte."""

from __future__ import annotations

import copy
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap import compressors, ledger
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.store import Store
from headroom_wrap.types import Level
from tests.pipeline.talk import HOST, PATH, Talk, code, forwarded, log

RESULTS = st.sampled_from(
    [
        (log(120), "Bash", {"command": "journalctl"}),
        (log(90, "job"), "Bash", {"command": "journalctl -u job"}),
        (log(90, "job"), "Bash", {"command": "journalctl"}),
        (code(60), "Read", {"file_path": "a.py"}),
        (code(60, 30), "Read", {"file_path": "a.py"}),
        (code(60, 30), "Edit", {"file_path": "a.py"}),
        (code(50, 9), "Bash", {"command": "cat -n b.py"}),
        ("fine", "Bash", {"command": "true"}),
    ]
)
WHICH = st.integers(0, 7)
EVENTS = st.one_of(
    st.tuples(st.just("result"), WHICH, RESULTS),
    st.tuples(st.just("result"), WHICH, RESULTS),
    st.tuples(st.just("fork"), WHICH),
    st.tuples(st.just("rewind"), WHICH, st.integers(1, 6)),
    st.tuples(st.just("retry"), WHICH),
    st.tuples(st.just("sub-agent")),
    st.tuples(st.just("restart")),
    st.tuples(st.just("prune"), st.integers(0, 255)),
)


class World:
    """Conversations over one store, and what was ever forwarded for each original prefix."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store", durable=False)
        self.talks = [Talk()]
        self.pipelines = [self.start(), self.start()]
        self.turns = 0
        self.prompts = 0
        self.held: dict[bytes, bytes] = {}

    def start(self) -> Pipeline:
        return Pipeline(self.store, Judge(Level.SAFE), Situation("s", "claude", "/p"))

    def do(self, event: tuple) -> None:
        kind, *rest = event
        which = self.talks[rest[0] % len(self.talks)] if rest else self.talks[0]
        if kind == "result":
            text, tool, call = rest[1]
            which.result(text, tool=tool, **call)
        elif kind == "fork":
            self.talks.append(copy.deepcopy(which))
            # No two calls have the same name.
            self.talks[-1].calls += 1000 * len(self.talks)
            self._prompt(self.talks[-1])
        elif kind == "rewind":
            # A prompt and pairs of call and result.
            del which.messages[max(1, len(which.messages) - 2 * rest[1]) :]
            self._prompt(which)
        elif kind == "sub-agent":
            self.talks.append(Talk(prompt=f"Part {len(self.talks)}"))
        elif kind == "restart":
            self.pipelines[self.turns % 2] = self.start()
        elif kind == "prune":
            gone = [key for key, _ in self.store.scan("verdicts") if key[0] >= rest[0]]
            self.store.delete("verdicts", gone)
            self.pipelines = [self.start(), self.start()]
        self.send(which)

    def _prompt(self, talk: Talk) -> None:
        self.prompts += 1
        talk.messages.append({"role": "user", "content": f"No: {self.prompts}"})

    def send(self, talk: Talk) -> None:
        self.turns += 1
        found = talk.send(self.pipelines[self.turns % 2])
        prefix = hashlib.blake2b()
        for mine, theirs in zip(talk.messages, forwarded(found), strict=True):
            prefix.update(repr(mine).encode("utf-8", "surrogatepass"))
            assert self.held.setdefault(prefix.digest(), theirs) == theirs

    def close(self) -> None:
        try:
            assert all(row.broken == 0 for row in ledger.rows(self.store))
        finally:
            self.store.close()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=st.lists(EVENTS, min_size=2, max_size=14))
def test_forks_rewinds_retries_sub_agents_restarts_and_lost_verdicts(tmp_path_factory, events):
    world = World(tmp_path_factory.mktemp("world"))
    for event in events:
        world.do(event)
    world.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store", durable=False)
    yield opened
    opened.close()


def pipeline(store: Store) -> Pipeline:
    return Pipeline(store, Judge(Level.SAFE), Situation("s", "claude", "/p"))


def test_two_pipelines_at_once_send_the_same(store: Store) -> None:
    talk = Talk()
    for number in range(12):
        talk.result(log(100, f"job{number}"), command=f"journalctl -u {number}")
    body = talk.body()
    bodies: list[bytes] = []
    ready = threading.Barrier(4)

    def send() -> None:
        mine = pipeline(store)
        ready.wait()
        bodies.append(mine.shorten(HOST, PATH, body).body)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(bodies)) == 1
    assert bodies[0] != body


@pytest.mark.parametrize("upgrade", ["finds nothing", "finds more"])
def test_an_upgrade_judges_only_what_is_new(store, monkeypatch, upgrade: str) -> None:
    talk = Talk()
    talk.result(log(200), command="journalctl")
    talk.result(code(50), tool="Read", file_path="a.py")
    talk.result("x y z\n" * 300, command="./own-tool")
    before = forwarded(talk.send(pipeline(store)))
    monkeypatch.setattr(verdicts, "POLICY", verdicts.POLICY + 1)
    real = compressors.squeeze
    other = {
        "finds nothing": lambda text, origin, ask: None,
        "finds more": lambda text, origin, ask: real(log(500), origin, ask),
    }
    monkeypatch.setattr(compressors, "squeeze", other[upgrade])
    talk.result(log(150, "job"), command="journalctl -b")
    after = forwarded(talk.send(pipeline(store)))
    assert after[: len(before)] == before
    assert [row.broken for row in ledger.rows(store)] == [0, 0]


def test_a_fold_that_was_regretted_stays_so_in_later_turns_and_after_a_loss(store):
    talk = Talk()
    here = Situation("s", "claude", "/p")
    for _ in range(2):
        talk.result(log(120), command="journalctl")
        talk.send(Pipeline(store, Judge(Level.SAFE), here))
    talk.result(log(90, "job"), command="journalctl -u job")
    first = forwarded(talk.send(Pipeline(store, Judge(Level.SAFE), here)))
    store.delete("verdicts", [key for key, _ in store.scan("verdicts")])
    assert forwarded(talk.send(Pipeline(store, Judge(Level.SAFE), here))) == first
    assert b"folded" in first[2]
    assert b"folded" not in first[6]
