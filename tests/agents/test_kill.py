"""`kill -9` in the middle of a turn: nothing hangs, nothing stays, and the session goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil
import pytest

from tests.agents.bodies import results
from tests.agents.drivers import CLAUDE, CODEX, COPILOT, Driver
from tests.agents.runs import Run
from tests.agents.story import SECOND

_SCRIPT = "[[S: bash ./list-rules --json | bash ./install-packages | bash sleep 78 | text never]]"
_PATIENCE = 20.0
_FORGOTTEN = "interrupted before a result was recorded"


@pytest.mark.parametrize("victim", ["wrapper", "agent"])
@pytest.mark.parametrize("driver", [CLAUDE, CODEX, COPILOT], ids=lambda driver: driver.name)
def test_a_session_goes_on_after_a_kill(
    driver: Driver, victim: str, start: Callable[..., Run]
) -> None:
    run = start(driver, wrapped=True)
    child = run.box.start(run.command([*driver.ask, f"Look. {_SCRIPT}"]))
    _until(lambda: any(line.endswith("sleep 78") for line in run.box.alive()))
    sent = results(run.model_calls()[-1])
    assert len(sent) == 2
    started = _kill(child.pid, victim)
    child.wait(_PATIENCE)
    # What they started themselves (a shell, a launcher's program) ends when it is done, as ever.
    _until(lambda: all(_gone(process) for process in started))

    # What the agent's own shell left running may hold the pipes: they are closed, not read.
    for pipe in (child.stdout, child.stderr):
        assert pipe is not None
        pipe.close()
    ended = run.again(SECOND)
    assert (ended.code, ended.hung) == (0, False), str(ended)
    assert "done again" in ended.out
    after = results(run.model_calls()[-1])
    # Copilot forgets a turn that was cut, or says of a result that it has none of it; what it does
    # send again is what was sent.
    known = {name for name in sent.keys() & after.keys() if _FORGOTTEN not in str(after[name])}
    assert {name: after[name] for name in known} == {name: sent[name] for name in known}


def _kill(pid: int, victim: str) -> list[psutil.Process]:
    """Kill our own process in the namespace, or the agent with all that it started; returns both,
    ours and the agent's."""
    ours = next(
        process
        for process in psutil.Process(pid).children(recursive=True)
        if "headroom_wrap" in process.cmdline()
    )
    started = [ours, *ours.children()]
    for process in [ours] if victim == "wrapper" else ours.children(recursive=True):
        process.kill()
    return started


def _gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
