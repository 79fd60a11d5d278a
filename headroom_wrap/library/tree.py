"""Messages as callers hold them (dicts, tuples, models) read as JSON, and edited by copy."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple["str | int", ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a text stands in a body and with the caller, and what the caller puts there instead."""

    body: Path
    caller: Path
    wrap: Callable[[str], Any] = str


class UneditableError(Exception):
    """There is no way to a place in a message that leaves the message itself as it is."""


def plain(value: Any) -> Any:
    """The value in JSON's types; what JSON cannot say (bytes, dates) is null."""
    if value is None or isinstance(value, (str, bool, int)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items() if isinstance(key, str)}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return {name: plain(each) for name, each in _fields(value).items()} or None


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a pydantic model, unset ones left out."""
    names = getattr(type(value), "model_fields", None)
    if not isinstance(names, Mapping) or not hasattr(value, "model_copy"):
        return {}
    found = {name: getattr(value, name, None) for name in names}
    found |= getattr(value, "model_extra", None) or {}
    return {name: each for name, each in found.items() if each is not None}


def replaced(value: Any, path: Path, new: Any) -> Any:
    """A copy of `value` with `new` at `path`; what lies beside the path is shared."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping) and isinstance(step, str):
        return {**value, step: replaced(value[step], rest, new)}
    if isinstance(value, (list, tuple)) and isinstance(step, int):
        each = replaced(value[step], rest, new)
        copied = [*value[:step], each, *value[step + 1 :]]
        return copied if isinstance(value, list) else tuple(copied)
    if isinstance(step, str) and step in _fields(value):
        return value.model_copy(update={step: replaced(getattr(value, step), rest, new)})
    raise UneditableError(f"{type(value).__name__} at {step!r}")


def at(value: Any, path: Sequence[str | int]) -> Any:
    """What stands at a path of a JSON tree."""
    for step in path:
        value = value[step]
    return value


def strings(value: Any, path: Path = ()) -> list[tuple[Path, str]]:
    """Every string of a JSON tree with its path."""
    if isinstance(value, str):
        return [(path, value)]
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    found: list[tuple[Path, str]] = []
    for key, each in inner:
        found += strings(each, (*path, key))
    return found
