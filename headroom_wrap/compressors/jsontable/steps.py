"""Columns that follow from the row's place: counts, clock ticks and cycles, said once."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

_COUNT = re.compile(r"(-?\d+)\.\.(?:-?\d+)?(?: by (-?\d+))?")
_FLOAT = re.compile(r"(-?[\d.]+)\.\.(?:-?[\d.e-]+)? by (-?[\d.e-]+)")
_TICKS = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(\S*?)\.\.(?:\S+)? by (-?\d+) s")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)((?:\.0+)?(?:Z|[+-]\d\d:?\d\d)?)")
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")
_LONGEST_CYCLE = 12
Rule = Callable[[int], str]


def count(texts: Sequence[str], places: Sequence[int]) -> str:
    """`first..last by step` when the integers grow evenly with the place, else ""."""
    if not all(_INTEGER.fullmatch(text) for text in texts[:3]):
        return ""
    slope = _slope([int(text) for text in texts[:2]], places)
    if slope is None or slope[1] == 0:
        return ""
    first, step = slope
    if any(text != str(first + step * place) for text, place in zip(texts, places, strict=True)):
        return ""
    last = first + step * places[-1] if _one_list(places) else ""
    return f"{first}..{last}" + (f" by {step}" if step != 1 else "")


def ticks(texts: Sequence[str], places: Sequence[int]) -> str:
    """Time stamps a fixed number of seconds apart."""
    match = _TIME.fullmatch(texts[0])
    if not match or not _one_list(places):
        return ""
    try:
        times = [datetime.fromisoformat(text[:19]) for text in texts[:2]]
        apart = places[1] - places[0]
        step, odd = divmod(int((times[1] - times[0]).total_seconds()), apart)
        start = (times[0] - timedelta(seconds=step * places[0])).isoformat(match[1][10], "seconds")
        if odd or (places[0] and len(texts) < 4):
            return ""
        rule = _clock(start, match[2], step)
        if step == 0 or any(t != rule(p) for t, p in zip(texts, places, strict=True)):
            return ""
    except (ValueError, OverflowError):
        return ""
    return f"{start}{match[2]}..{texts[-1]} by {step} s"


def fractions(texts: Sequence[str], places: Sequence[int]) -> str:
    """Decimal numbers computed as first + step × place."""
    try:
        numbers = [float(text) for text in texts[:2]]
    except ValueError:
        return ""
    if places[:2] != [0, 1] or not _one_list(places) or "e" in texts[0].lower():
        return ""
    step = round(numbers[1] - numbers[0], 9)
    if step == 0 or any(
        text != repr(numbers[0] + step * place) for text, place in zip(texts, places, strict=True)
    ):
        return ""
    return f"{texts[0]}..{texts[-1]} by {step!r}"


def cycle(texts: Sequence[str], places: Sequence[int]) -> str:
    """`a|b|c|…` when the same few texts come round at least three times."""
    if places[-1] != len(places) - 1 or not _one_list(places):
        return ""
    for size in range(2, min(_LONGEST_CYCLE, len(texts) // 3) + 1):
        if texts[size] == texts[0] and all(
            texts[i] == texts[i - size] for i in range(size, len(texts))
        ):
            turn = texts[:size]
            return (
                ""
                if any(re.search(r"[<>|…]", t) or not t for t in turn)
                else "|".join([*turn, "…"])
            )
    return ""


def rule(text: str) -> Rule | None:
    """What a description gives at each place; None when it is none."""
    if text.endswith("|…"):
        turn = text.split("|")[:-1]
        return lambda place: turn[place % len(turn)]
    if match := _COUNT.fullmatch(text):
        first, step = int(match[1]), int(match[2] or 1)
        return lambda place: str(first + step * place)
    if match := _TICKS.fullmatch(text):
        return _clock(match[1], match[2], int(match[3]))
    if match := _FLOAT.fullmatch(text):
        start, slope = float(match[1]), float(match[2])
        return lambda place: repr(start + slope * place)
    return None


def is_number(text: str) -> bool:
    """Whether a description is one of numbers, not of texts."""
    return bool(_COUNT.fullmatch(text) or _FLOAT.fullmatch(text))


def _clock(start: str, zone: str, step: int) -> Rule:
    origin, mark = datetime.fromisoformat(start), start[10]
    return lambda place: (
        (origin + timedelta(seconds=step * place)).isoformat(mark, "seconds") + zone
    )


def _slope(first_two: list[int], places: Sequence[int]) -> tuple[int, int] | None:
    if len(first_two) < 2 or places[1] == places[0]:
        return None
    step, odd = divmod(first_two[1] - first_two[0], places[1] - places[0])
    return None if odd else (first_two[0] - step * places[0], step)


def _one_list(places: Sequence[int]) -> bool:
    return all(a < b for a, b in itertools.pairwise(places))
