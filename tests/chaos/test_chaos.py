"""A part of each fault that `scripts/chaos` makes in full: nothing is lost, nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos import clock, disk, kill, load
from tests.chaos.talk import Witness


def _untouched(witness: Witness) -> None:
    assert witness.shortened
    assert (witness.changed, witness.lost) == (0, 0)


def test_kill_at_many_steps_of_a_request(tmp_path: Path) -> None:
    _untouched(kill.every_step(tmp_path, stride=23))


@pytest.mark.parametrize("fault", [disk.full, disk.read_only])
def test_disks(
    fault: Callable[[Path], Witness], tmp_path: Path, need: Callable[[object, str], None]
) -> None:
    try:
        seen = fault(tmp_path)
    except OSError as problem:
        need(None, f"{problem}: run as root on Linux")
    else:
        _untouched(seen)


def test_a_store_that_is_copied_while_it_is_written(tmp_path: Path) -> None:
    made, _, dead = disk.copied(tmp_path, 4)
    assert made == 4
    assert not dead


def test_damage_anywhere(tmp_path: Path) -> None:
    dead, saved = disk.spoiled(tmp_path, 4)
    assert not dead
    assert saved > 0.5


def test_a_clock_that_jumps(tmp_path: Path) -> None:
    _untouched(clock.jumping(tmp_path, 8))


def test_a_proxy_killed_under_load(tmp_path: Path) -> None:
    ended = load.run(tmp_path, load.Load(4, 24, 6), kills=2)
    assert ended.answered == ended.asked == 24
    assert ended.shortened
    assert (ended.changed, ended.lost) == (0, 0)
