"""How much time has passed, sleep included: a provider's cache expires while a laptop is shut."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """A point in time. `running` counts seconds since `boot`, "" where the system does not say."""

    wall: float
    boot: str = ""
    running: float = 0.0


def now() -> Moment:
    """This moment."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is None:
        return Moment(time.time())
    try:
        boot = _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return Moment(time.time())
    return Moment(time.time(), boot, time.clock_gettime(clock))


def between(then: Moment, now: Moment) -> float:
    """Seconds from `then` to `now`: the least that can have passed, for clocks that are set."""
    passed = now.wall - then.wall
    if then.boot and then.boot == now.boot:
        passed = min(passed, now.running - then.running)
    return max(passed, 0.0)
