"""A fork waits for what is under way, and what comes later waits for the fork."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from headroom_wrap.gate import Gate

_SOON, _LONG = 0.2, 20.0


@pytest.fixture
def gate() -> Gate:
    return Gate()


def started(what: Callable[[], object]) -> threading.Event:
    """Set when `what` has returned in a thread of its own."""
    done = threading.Event()

    def run() -> None:
        what()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    return done


def enter(gate: Gate) -> None:
    with gate.inside():
        pass


def test_it_waits_for_those_inside_who_may_enter_again(gate: Gate) -> None:
    with gate.inside():
        shut = started(gate.shut)
        assert not shut.wait(_SOON)
        enter(gate)
    assert shut.wait(_LONG)
    assert gate.calm


def test_who_comes_later_waits_until_it_is_opened(gate: Gate) -> None:
    gate.shut()
    entered = started(lambda: enter(gate))
    assert not entered.wait(_SOON)
    gate.open()
    assert entered.wait(_LONG)


def test_who_stays_inside_is_not_waited_for_for_ever(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headroom_wrap.gate._PATIENCE", _SOON)
    with gate.inside():
        assert started(gate.shut).wait(_LONG)
    assert not gate.calm


def test_ones_own_thread_does_not_count(gate: Gate) -> None:
    with gate.inside():
        gate.shut()
    assert gate.calm
