"""Judging in other processes: the same verdicts, whatever happens to the processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from headroom_wrap import policy, python
from headroom_wrap.errors import ClosedError, UnreadyError
from headroom_wrap.original import digest
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.pipeline.judge import Before
from headroom_wrap.pipeline.worker import Pool
from headroom_wrap.spill import Spill
from headroom_wrap.store import Store
from headroom_wrap.types import Block, Level, Origin
from tests.pipeline.talk import Talk, code, forwarded, log

_PATIENCE = 100.0


@dataclass(frozen=True)
class Rough(Judge):
    """Does to its process what `verdict` is told to."""

    def kill(self) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)

    def hang(self) -> None:
        # Two to the power of forty steps, and nobody else gets a turn.
        re.match(r"(a+)+$", "a" * 40 + "b")


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()


@pytest.fixture(scope="module")
def lasting() -> Iterator[Pool]:
    """For those who leave it as it was."""
    made = Pool()
    yield made
    made.close()


def block(text: str, command: str = "journalctl -u app") -> Block:
    return Block((0, len(text)), text, Origin("Bash", command), "toolu_1234567890ab")


def judged(judge: Judge, text: str):
    return judge.verdict(block(text), digest(text), Before())


def children() -> set[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return {p for p in found if "headroom_wrap.pipeline.worker" in p.cmdline()}


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("text", [log(300), log(300) + "\ud800", "short", code(80)])
def test_verdicts_are_those_of_this_process(lasting, level, text):
    assert judged(Judge(level, pool=lasting), text) == judged(Judge(level), text)


def test_whole_conversations_are_the_same(lasting, tmp_path):
    def session(name: str, judging: Pool | None) -> list[bytes]:
        store, spill = Store(tmp_path / name), Spill(tmp_path / "spill", "/p")
        pipeline = Pipeline(store, Judge(Level.SAFE, spill, pool=judging), Situation())
        talk, bodies = Talk(), []
        for changed in range(3):
            talk.result(log(200, f"job{changed}"), command="journalctl")
            talk.result(code(80, changed=40 * changed), tool="Read", file_path="a.py")
            bodies.append(forwarded(talk.send(pipeline)))
        store.close()
        spill.close()
        return bodies

    assert session("apart", lasting) == session("here", None)


def test_a_killed_process_is_replaced(pool):
    judge, others = Judge(pool=pool), children()
    expected = judged(judge, log(300))
    [child] = children() - others
    child.kill()
    child.wait()
    assert judged(judge, log(300)) == expected


def test_a_text_that_ends_its_process_is_given_up(pool):
    with pytest.raises(OSError, match="ended the process"):
        pool.ask(Rough(), "kill")
    assert judged(Judge(pool=pool), log(300)).reason == policy.SHORTENED


def test_a_text_that_hangs_is_given_up():
    pool = Pool(patience=1.0)
    try:
        started = time.monotonic()
        with pytest.raises(OSError, match="ended the process"):
            pool.ask(Rough(), "hang")
        assert time.monotonic() - started < 30
    finally:
        pool.close()


def test_a_stopped_process_is_given_up():
    pool, others = Pool(patience=0.2), children()
    try:
        pool.start()
        for child in children() - others:
            child.suspend()
        with pytest.raises(OSError, match="ended the process"):
            pool.ask(Judge(), "stub")
        assert children() == others
    finally:
        pool.close()


def test_a_start_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(python, "command", lambda *given: ["sleep", "60"])
    monkeypatch.setattr("headroom_wrap.pipeline.worker.process._START", 0.2)
    pool = Pool()
    with pytest.raises(UnreadyError):
        pool.ask(Judge(), "stub")
    pool.close()


def test_where_no_process_starts_it_is_judged_here(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    pool = Pool()
    with pytest.raises(UnreadyError):
        pool.ask(Judge(), "verdict")
    assert judged(Judge(pool=pool), log(300)) == judged(Judge(), log(300))
    found = judged(Judge(), log(300))
    assert Judge(pool=pool).stub(block(log(300)), found) == Judge().stub(block(log(300)), found)


def test_a_start_that_fails_now_and_then_is_tried_again(monkeypatch):
    started, pool, others = sys.executable, Pool(), children()
    for _ in range(3):
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(UnreadyError):
            pool.ask(Judge(), "stub")
        monkeypatch.setattr(sys, "executable", started)
        pool.start()
        [child] = children() - others
        child.kill()
        child.wait()
    pool.close()


def test_closing_leaves_no_process(pool):
    others = children()
    pool.start()
    assert children() > others
    pool.close()
    assert children() == others


def test_closing_ends_what_hangs(pool):
    others = children()
    pool.start()
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(pool.ask, Rough(), "hang")
        time.sleep(0.5)
        pool.close()
        with pytest.raises(ClosedError):
            asked.result(_PATIENCE)
    assert children() == others


def test_closing_while_one_starts_leaves_none(pool):
    others = children()
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(pool.ask, Rough(), "hang")
        while children() == others:
            time.sleep(0.01)
        pool.close()
        with pytest.raises(ClosedError):
            asked.result(_PATIENCE)
    assert children() == others


def test_the_end_of_a_session_is_no_verdict(pool, tmp_path):
    store, talk = Store(tmp_path), Talk()
    pipeline = Pipeline(store, Judge(pool=pool), Situation())
    talk.result(log(300), command="journalctl")
    pool.close()
    assert talk.send(pipeline).body == talk.body()
    later = Pipeline(store, Judge(), Situation())
    assert len(talk.send(later).body) < 0.8 * len(talk.body())
    store.close()


def test_getting_ready_says_nothing_when_the_session_ends_first(pool):
    pool.close()
    Judge(pool=pool).prepare()


def test_modules_of_the_users_folder_are_not_loaded(tmp_path, monkeypatch, pool):
    (tmp_path / "msgspec.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    assert judged(Judge(pool=pool), log(300)).reason == policy.SHORTENED
    assert pool._idle


_PARENT = """
import sys, time
from headroom_wrap.pipeline.worker import Pool
pool = Pool()
pool.start()
print(pool._idle[0]._child.pid, flush=True)
time.sleep(60)
"""


def test_no_process_outlives_a_killed_session():
    command = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(10)


def test_processes_find_the_package_where_it_is(pool):
    root, others = Path(__file__).resolve().parents[2], children()
    pool.start()
    assert [Path(p.cwd()) for p in children() - others] == [root]
