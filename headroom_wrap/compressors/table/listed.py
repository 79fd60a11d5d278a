"""Rows of so many words each, without a heading or padding, as `apt list` prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.compressors.table.drawn import Drawing
from headroom_wrap.detect import shape

_WORD = re.compile(r"\[[^\]]*\]|\S+")
_LEAST_ROWS, _LEAST_WORDS, _MOST_WORDS = 40, 3, 12
_MOSTLY = 0.95
_SAMPLE = 40
# Findings in places of files are not alike because they have as many words.
_PLACE = re.compile(r"\S+?:\d+\b")


def are_listed(text: str) -> bool:
    """Whether all lines have so many words, and one of these is the same in many."""
    lines = text[:6_000].split("\n")[1:-1][:_SAMPLE]
    if len(lines) < _SAMPLE or shape.log_likeness(text) > 0.2:
        return False
    if shape.share(_PLACE, lines) > 0.5:
        return False
    rows = [_WORD.findall(line) for line in lines]
    width = len(rows[0])
    if not _LEAST_WORDS <= width <= _MOST_WORDS or any(line[:1].isspace() for line in lines):
        return False
    alike = [row for row in rows if len(row) == width]
    return len(alike) >= _MOSTLY * len(rows) and any(
        len(set(column)) <= len(column) // 4 for column in zip(*alike, strict=True)
    )


def parse(text: str) -> Drawing | None:
    """The words of each line as cells, below the first line, which may say something else."""
    if not are_listed(f"{text}\n"):
        return None
    lines = text.split("\n")
    rows = list(_rows(lines[1:]))
    if len(rows) < _LEAST_ROWS:
        return None
    names = tuple(str(i) for i in range(len(rows[0])))
    return Drawing("", (names, *rows), 1, tuple(lines[1 + len(rows) :]))


def _rows(lines: list[str]) -> Iterator[tuple[str, ...]]:
    width = 0
    for line in lines:
        row = tuple(_WORD.findall(line))
        width = width or len(row)
        if len(row) != width:
            return
        yield row
