"""Rows of nested objects as flat columns: which paths there are, and what each row has there."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from headroom_wrap.compressors.jsontable.cells import ABSENT

Path = tuple["str | int", ...]

_BARE_KEY = re.compile(r"[\w$@/+][\w$@/+-]*")
_STEP = re.compile(r'\[(\d+)\]|\.?(?:([\w$@/+-]+)|"([^"]*)")')
# A short list that is as long in every row reads well as columns; a longer one does not.
_LONGEST_SPLIT = 4
_LONGEST_ROW = 60
# Objects that share few keys are maps: their keys are data, not column names.
_LEAST_FILL = 0.3


@dataclass(frozen=True, slots=True)
class Flat:
    """One column: its path in each row, and the value there or ABSENT."""

    path: Path
    values: list[Any]


def flatten(rows: Sequence[Any], whole: str = "") -> list[Flat] | None:
    """The columns of `rows` in key order, or None when they have too little in common.

    The values under the key `whole` are left as they are.
    """
    found = list(_flatten(list(rows), (), whole))
    if len(found) == 1 and found[0].path == ():
        return None
    return found if all(flat.path for flat in found) else None


def _flatten(values: list[Any], path: Path, whole: str = "") -> Iterator[Flat]:
    kinds = {type(value) for value in values} - {type(ABSENT)}
    if dict in kinds:
        keys = _key_order([tuple(value) for value in values if type(value) is dict and value])
        if keys:
            rest = [ABSENT if type(value) is dict and value else value for value in values]
            if any(value is not ABSENT for value in rest):
                yield Flat(path, rest)
            for key in keys:
                inner = [v.get(key, ABSENT) if type(v) is dict else ABSENT for v in values]
                if key == whole and not path:
                    yield Flat((key,), inner)
                else:
                    yield from _flatten(inner, (*path, key))
            return
    elif kinds == {list}:
        size = _shared_length(values, path)
        for i in range(size):
            inner = [v[i] if type(v) is list else ABSENT for v in values]
            yield from _flatten(inner, (*path, i))
        if size:
            return
    yield Flat(path, values)


def _shared_length(values: list[Any], path: Path) -> int:
    """The length of all lists, if it is one that should be split; else 0."""
    lengths = {len(value) for value in values if type(value) is list}
    most = _LONGEST_SPLIT if path else _LONGEST_ROW
    if len(lengths) != 1 or len(values) < 2:
        return 0
    size = lengths.pop()
    return size if size <= most else 0


def _key_order(shapes: list[tuple[str, ...]]) -> list[str]:
    """One order of all keys that each object keeps; empty when there is none or too many keys."""
    counts = Counter(shapes)
    order = merged(counts)
    rank = {key: i for i, key in enumerate(order)}
    filled = sum(len(shape) * count for shape, count in counts.items())
    if filled < _LEAST_FILL * len(order) * len(shapes):
        return []
    for shape in counts:
        ranks = [rank[key] for key in shape]
        if ranks != sorted(ranks):
            return []
    return order


def merged(counts: Counter[tuple[str, ...]]) -> list[str]:
    """All keys, each after the one that it follows in the shape it was first seen in."""
    order: list[str] = []
    for shape in sorted(counts, key=lambda s: (-counts[s], -len(s), s)):
        at = 0
        known = set(order)
        for key in shape:
            if key in known:
                at = order.index(key) + 1
            else:
                order.insert(at, key)
                at += 1
    return order


def aligned(rows: list[Any]) -> list[Any]:
    """The rows with their keys in one order."""
    counts = Counter(tuple(row) for row in rows if type(row) is dict)
    if len(counts) < 2 or len(counts) > max(8, len(rows) // 2):
        return rows
    rank = {key: i for i, key in enumerate(merged(counts))}
    found = []
    for row in rows:
        if type(row) is dict and (order := sorted(row, key=rank.__getitem__)) != list(row):
            row = {key: row[key] for key in order}
        found.append(row)
    return found


@functools.lru_cache(4096)
def name(path: Path, near: Path = ()) -> str:
    """A path as it is written; ".key" when it has the same parent as the column `near`."""
    if len(path) > 1 and len(near) > 1 and path[:-1] == near[:-1] and isinstance(path[-1], str):
        return "." + _key(path[-1])
    parts = [f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in path]
    return "".join(parts).removeprefix(".")


def parse(text: str, near: Path = ()) -> Path:
    """The path that `name` wrote."""
    found = tuple(
        int(match[1]) if match[1] else match[2] if match[2] is not None else match[3]
        for match in _STEP.finditer(text)
    )
    return (*near[:-1], *found) if text.startswith(".") else found


def plain_key(path: Path) -> bool:
    """Whether a path can be named inside a pattern."""
    return all(isinstance(step, int) or _BARE_KEY.fullmatch(step) for step in path)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else f'"{key}"'
