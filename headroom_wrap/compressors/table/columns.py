"""What a column of a table says once for all its rows, and the cells that are left of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = re.compile(r"[<\n]")
_WORD = re.compile(r"\w")
# A legend reads well where it spells short names out; not where values happen to go together.
_LEAST_SPELLED = 12
# What is said once must spare this many characters a row, or reading it is not worth it.
_LEAST_ENDS = 12
_MOST_LEFT = 0.6
_LEAST_LEGEND = 3
_MOST_LEGEND = 0.7


@dataclass(frozen=True, slots=True)
class Column:
    """A column: plain, the same in all rows (`fixed`), like another (`like`), told by another's
    value (`by` and `legend`), or with ends that all cells share (`front`, `back`).
    """

    name: str
    fixed: str | None = None
    like: str = ""
    by: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    front: str = ""
    back: str = ""

    @property
    def celled(self) -> bool:
        """Whether rows have a cell for it."""
        return self.fixed is None and not self.like and not self.by


def describe(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    """The columns of a table, each in the shortest way."""
    values = [list(column) for column in zip(*rows, strict=True)]
    found: list[Column] = []
    for i, name in enumerate(names):
        found.append(_constant(name, values[i]) or _twin(i, names, values, found) or Column(name))
    for i, column in enumerate(found):
        if column.celled and (told := _legend(i, found, values)):
            found[i] = told
    return [_ends(column, values[i]) if column.celled else column for i, column in enumerate(found)]


def _constant(name: str, values: Sequence[str]) -> Column | None:
    same = values[0]
    if len(values) > 1 and not _MARK.search(same) and all(value == same for value in values):
        return Column(name, fixed=same)
    return None


def _twin(
    i: int, names: Sequence[str], values: Sequence[Sequence[str]], found: Sequence[Column]
) -> Column | None:
    for j, column in enumerate(found):
        if column.celled and names.count(column.name) == 1 and values[j] == values[i]:
            return Column(names[i], like=names[j])
    return None


def _legend(i: int, found: Sequence[Column], values: Sequence[Sequence[str]]) -> Column | None:
    """The column as told by the value of the one that makes for the shortest legend."""
    best: Column | None = None
    least = sum(map(len, values[i]))
    referred = {column.by for column in found} | {column.like for column in found}
    names = [column.name for column in found]
    if least < _LEAST_SPELLED * len(values[i]) or found[i].name in referred:
        return None
    for j, column in enumerate(found):
        if j == i or not column.celled or names.count(column.name) > 1:
            continue
        told = _function(values[j], values[i])
        if told is None or len(told) * _LEAST_LEGEND > len(values[i]):
            continue
        size = sum(len(key) + len(value) for key, value in told.items())
        if size < _MOST_LEGEND * least and not any(
            " = " in key or "\n" in key + value for key, value in told.items()
        ):
            best, least = Column(found[i].name, by=column.name, legend=tuple(told.items())), size
    return best


def _function(keys: Sequence[str], values: Sequence[str]) -> dict[str, str] | None:
    told: dict[str, str] = {}
    for key, value in zip(keys, values, strict=True):
        if told.setdefault(key, value) != value:
            return None
    return told


def _ends(column: Column, values: Sequence[str]) -> Column:
    """The column without what all its cells begin and end with."""
    if any(value[:1] == '"' or "<" in value or "\n" in value for value in values):
        return column
    low, high = min(values), max(values)
    front = _whole_words(low[: _shared(low, high)], values)
    rest = [value[len(front) :][::-1] for value in values]
    low, high = min(rest), max(rest)
    back = _whole_words(low[: _shared(low, high)], [value[::-1] for value in values])[::-1]
    spared = len(front) + len(back)
    total = sum(map(len, values))
    if spared < _LEAST_ENDS or total - spared * len(values) > _MOST_LEFT * total:
        return column
    return Column(column.name, front=front, back=back)


def _shared(low: str, high: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b),
        min(len(low), len(high)),
    )


def _whole_words(front: str, values: Sequence[str]) -> str:
    """`front` cut so that it ends no value in the middle of a word or number."""
    at = len(front)
    while at and _WORD.match(front[at - 1]) and any(_WORD.match(v[at : at + 1]) for v in values):
        at -= 1
    return front[:at]
