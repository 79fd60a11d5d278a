"""Dumps of many threads: those that stand at the same place are shown once and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors._again import clean

_HEAD = re.compile(
    r"goroutine \d+ \[|\"[^\"]*\" ?(?:#|daemon|prio|Id)|(?:Current t|T)hread (?:0x[0-9a-f]+|\d+)\b"
)
_VARYING = re.compile(r"0x[0-9a-f]+\??|goroutine \d+|\b\d+ minutes")
_SHORTEST = 3


def thread_labels(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, label) of each thread whose stack was shown before; its blank line included."""
    seen: dict[str, str] = {}
    starts = [i for i, line in enumerate(lines) if _HEAD.match(line)]
    for start in starts:
        end = _block_end(lines, start)
        if end - start < _SHORTEST:
            continue
        stack = _VARYING.sub("", "\n".join(lines[start + 1 : end]))
        head = clean(lines[start])
        first = seen.setdefault(stack, head)
        if first is not head:
            where = f"with the stack of “{first}”"
            yield start, end, f"thread {where}|threads {where}"


def _block_end(lines: Sequence[str], start: int) -> int:
    end = start + 1
    while end < len(lines) and lines[end].strip() and not _HEAD.match(lines[end]):
        end += 1
    return end
