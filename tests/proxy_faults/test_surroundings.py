"""An unwritable store, two wraps at once, `kill -9`: one clear line or business as usual."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.proxy_faults.bodies import LONG
from tests.proxy_faults.conftest import PATIENCE, Ask, Bench

_SLOW = {"x-fault": "pause=0.5"}
_SOON = 10.0


def test_a_home_that_cannot_be_made(bench: Bench) -> None:
    blocked = bench.folder / "file"
    blocked.write_text("")
    done = bench.send(Ask(LONG), env={"HEADROOM_HOME": str(blocked / "under")})
    assert "Traceback" not in done.err
    if done.answers:
        assert bench.seen[0].wire == LONG
    else:
        assert 125 <= done.code <= 127
        assert str(blocked) in done.err


def test_a_disk_that_fills_up(bench: Bench) -> None:
    assert bench.send(Ask(LONG.replace(b"AIR", b"FIRST")), name="first").code == 0
    full = ["prlimit", "--fsize=4096"]
    done = bench.send(Ask(LONG), before=full)
    assert "Traceback" not in done.err
    if done.answers:
        assert done.answers[0].status == 200
        assert bench.seen[-1].wire == LONG, "shortened without a durable original"
    else:
        assert 125 <= done.code <= 127


def test_two_wraps_at_once(bench: Bench) -> None:
    names = ("one", "two")
    children = [bench.start([Ask(LONG)] * 3, name=name) for name in names]
    for child, name in zip(children, names, strict=True):
        done = bench.finish(child, name)
        assert [answer.status for answer in done.answers] == [200] * 3, done.err
    assert len({seen.body for seen in bench.seen}) == 1


@pytest.mark.parametrize("code", [0, 7, 125])
def test_the_exit_code_is_the_agents(bench: Bench, code: int) -> None:
    assert bench.send(Ask(LONG), leave_with=code).code == code


def test_an_agent_killed(bench: Bench) -> None:
    child = bench.start([Ask(LONG, headers=_SLOW)])
    agent = _agent(child.pid)
    agent.send_signal(signal.SIGKILL)
    done = bench.finish(child)
    assert done.code == 128 + signal.SIGKILL
    assert "Traceback" not in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_wrapper_reaches_the_agent(bench: Bench, number: signal.Signals) -> None:
    # Under `nohup` it would be ignored, and rightly so.
    ours = signal.signal(number, signal.SIG_DFL)
    child = bench.start([Ask(LONG, headers=_SLOW)])
    signal.signal(number, ours)
    agent = _agent(child.pid)
    child.send_signal(number)
    done = bench.finish(child)
    assert done.code in (128 + number, -number)
    assert not agent.is_running()


def test_a_wrapper_killed_leaves_nothing_and_the_next_one_works(bench: Bench) -> None:
    child = bench.start([Ask(LONG, headers=_SLOW)])
    agent = _agent(child.pid)
    os.kill(child.pid, signal.SIGKILL)
    child.wait(_SOON)
    psutil.wait_procs([agent], timeout=_SOON)
    assert not agent.is_running()
    child.communicate()
    before = bench.seen[0].body
    done = bench.send(Ask(LONG), name="next")
    assert done.answers[0].status == 200, done.err
    assert bench.seen[-1].body == before


def test_nothing_of_ours_stays_readable_or_running(bench: Bench) -> None:
    assert bench.send(Ask(LONG)).code == 0
    home = bench.folder / "headroom"
    loose = [path for path in home.rglob("*") if path.stat().st_mode & 0o077]
    assert not loose
    assert not list((bench.folder / "home").rglob("*"))


def _agent(wrapper: int) -> psutil.Process:
    """The probe, once it has sent something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for child in psutil.Process(wrapper).children(recursive=True):
            if "tests.proxy_faults.probe" in child.cmdline() and _waiting(child):
                return child
        time.sleep(0.05)
    raise AssertionError("the agent was not started")


def _waiting(child: psutil.Process) -> bool:
    log = Path(child.cmdline()[-2]).parent / "log" / "requests.jsonl"
    return log.exists()
