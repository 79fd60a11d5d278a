"""Which lines of a log stay in sight: what is rare, alarming, asked for, first, last or changed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from headroom_wrap.compressors.log.templates import Groups, alarming

_RARE = 3
_RARE_ALERTS = 6
_FIRST_ALERTS = 3
_EDGE = 2
_ENOUGH = 12
_FEW_VALUES = 8
_NUMBER = re.compile(r"(\d{1,18}(?:\.\d{1,9})?)([a-zA-Zµ]{0,3})")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "m": 60.0, "h": 3600.0}


def choose(lines: Sequence[str], groups: Groups, wanted: Callable[[str], bool]) -> list[bool]:
    """For each line whether it is shown."""
    shown = [False] * len(lines)
    for i in (*range(min(_EDGE, len(lines))), *range(max(0, len(lines) - _EDGE), len(lines))):
        shown[i] = True
    members: dict[int, list[int]] = defaultdict(list)
    for i, name in enumerate(groups.of):
        members[name].append(i)
    for name, where in members.items():
        for i in _of_group(groups, where, alarming(groups.names[name])):
            shown[i] = True
    return [kept or wanted(line) for kept, line in zip(shown, lines, strict=True)]


def _of_group(groups: Groups, where: list[int], alert: bool) -> set[int]:
    if len(where) <= (_RARE_ALERTS if alert else _RARE):
        return set(where)
    kept = {*where[: _FIRST_ALERTS if alert else 1], where[-1]}
    if len(where) >= _ENOUGH:
        kept |= _changes(groups, where)
    return kept


def _changes(groups: Groups, where: list[int]) -> set[int]:
    """Lines whose parameter is one of few values and new, or a number far above the rest."""
    rows = [groups.parameters(i) for i in where]
    width = min(map(len, rows))
    kept: set[int] = set()
    for values in list(zip(*rows, strict=False))[:width]:
        counts = Counter(values)
        if len(counts) == 1:
            continue
        if len(counts) <= min(_FEW_VALUES, len(where) // 4):
            kept.update(where[values.index(value)] for value in counts)
            kept.update(i for i, value in zip(where, values, strict=True) if counts[value] <= _RARE)
        elif (peak := _peak(values)) is not None:
            kept.add(where[peak])
    return kept


def _peak(values: tuple[str, ...]) -> int | None:
    """Where a value stands that is far above nearly all others."""
    found = [_NUMBER.fullmatch(value) for value in values]
    if not all(found):
        return None
    numbers = [float(m[1]) * _SECONDS.get(m[2], 1.0) for m in found if m]
    ordered = sorted(numbers)
    usual, top = ordered[int(len(ordered) * 0.95) - 1], ordered[-1]
    if usual > 0 and top >= 5 * usual and top < 1e9:
        return numbers.index(top)
    return None
