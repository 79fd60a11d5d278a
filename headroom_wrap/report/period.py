"""Spans of time as they are written on the command line: which days a report covers, in which
steps it draws them, and how old something is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from headroom_wrap.errors import ConfigError

_DAY = 86400
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": _DAY, "w": 7 * _DAY}
_MOST_DAYS = 92
_MOST_HOURS = 49
# Steps without any request are drawn as well, but not ten years of them.
_MOST_STEPS = 400


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to `until`, in seconds since the epoch; `since` is 0 for everything."""

    since: float
    until: float

    @property
    def words(self) -> str:
        """ "since 2026-11-18 14:00", "today", "everything"."""
        if not self.since:
            return "everything"
        if self.since == midnight(self.until):
            return "today"
        return f"since {time.strftime('%Y-%m-%d %H:%M', time.localtime(self.since))}"


def parse(spelled: str, now: float) -> Period:
    """`7d`, `12h`, `today`, `all` or a date; raises ConfigError."""
    if spelled == "all":
        return Period(0.0, now)
    if spelled == "today":
        return Period(midnight(now), now)
    passed = _seconds(spelled)
    if passed is not None:
        return Period(max(now - passed, 1.0), now)
    try:
        return Period(time.mktime(time.strptime(spelled, "%Y-%m-%d")), now)
    except (ValueError, OverflowError):
        hint = "write 7d, 12h, today, all or 2026-11-30"
        raise ConfigError(f"{spelled!r} is no time to begin at", hint) from None


def age(spelled: str) -> float:
    """`7d`, `12h` or `30m` in seconds; raises ConfigError."""
    found = _seconds(spelled)
    if found is None:
        raise ConfigError(f"{spelled!r} is no age", "write 7d, 12h or 30m")
    return found


def _seconds(spelled: str) -> float | None:
    number, unit = spelled[:-1], spelled[-1:]
    if unit in _UNITS and number.isascii() and number.isdigit() and len(number) < 7:
        return float(int(number) * _UNITS[unit])
    return None


def midnight(now: float) -> float:
    """When the local day began."""
    return time.mktime((*time.localtime(now)[:3], 0, 0, 0, 0, 0, -1))


def day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(at))


def _hour(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:00", time.localtime(at))


def _week(at: float) -> str:
    return day(midnight(at) - time.localtime(at).tm_wday * _DAY + _DAY // 2)


def steps(first: float, last: float) -> tuple[str, Callable[[float], str], list[str]]:
    """How to draw this span: the step's name, the step a time lies in, and all steps in order."""
    span = last - first
    if span < _MOST_HOURS * 3600:
        name, label, width = "hour", _hour, 3600
    elif span < _MOST_DAYS * _DAY:
        name, label, width = "day", day, _DAY
    else:
        name, label, width = "week", _week, 7 * _DAY
    # By halves of a step: a clock change must not skip one.
    count = min(int(span // width) + 1, _MOST_STEPS)
    times = (last - half * width / 2 for half in range(2 * count, -1, -1))
    labels = dict.fromkeys(label(max(at, first)) for at in times)
    labels[label(last)] = None
    return name, label, list(labels)
