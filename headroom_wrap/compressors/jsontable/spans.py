"""Which lines of the original a folded document does not show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from headroom_wrap.compressors.jsontable.source import FREE, Gap

Span = tuple[int, int]


def spans(original: Any, folded: Any, style: str) -> Iterator[Span]:
    """Line ranges in order. A text that is all on one line, or laid out by hand, is one span."""
    if style.startswith("lines"):
        tall = style.split()[1] not in ("compact", "spaced")
        yield from _joined(_rows(original, folded, height if tall else _one))
    elif style in ("compact", "spaced", FREE):
        yield from [(0, 1)] if original is not folded else []
    else:
        yield from _joined(_spans(original, folded, 0))


def _rows(original: list[Any], folded: list[Any], tall: Callable[[Any], int]) -> Iterator[Span]:
    """The spans of values that are printed one after the other."""
    at = line = 0
    for row in folded:
        count = row.rows if type(row) is Gap else 1
        end = line + sum(map(tall, original[at : at + count]))
        if row is not original[at]:
            yield line, end
        line = end
        at += count


def _one(value: Any) -> int:
    return 1


def _spans(original: Any, folded: Any, line: int) -> Iterator[Span]:
    """The spans of a value whose first line is `line`."""
    if original is folded:
        return
    kind = type(original)
    if type(folded) is not kind or kind not in (dict, list):
        yield line, line + height(original)
        return
    items = list(original.values()) if kind is dict else original
    shown = list(folded.values()) if kind is dict else folded
    if kind is dict and not any(type(v) is Gap for v in shown):
        shown = [folded[key] for key in original]
    elif kind is list and len(shown) != len(items) and not any(type(v) is Gap for v in shown):
        yield line, line + height(original)
        return
    line += 1
    at = 0
    for item in shown:
        count = item.rows if type(item) is Gap else 1
        here = sum(height(items[at + i]) for i in range(count))
        if type(item) is Gap:
            yield line, line + here
        else:
            yield from _spans(items[at], item, line)
        line += here
        at += count


def height(value: Any) -> int:
    """How many lines an indented value takes."""
    if not value or type(value) not in (dict, list):
        return 1
    return 2 + sum(map(height, value.values() if type(value) is dict else value))


def _joined(found: Iterator[Span]) -> Iterator[Span]:
    last: Span | None = None
    for start, end in found:
        if last and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last
