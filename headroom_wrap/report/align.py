"""Which lines of one text stand in another, in order: what both have once holds them together.

`difflib` takes a quarter of a minute for ten thousand lines of which a third were left out.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

# Between two lines that hold, so many comparisons are no matter.
_SMALL = 40_000

Match = tuple[int, int]


def matches(left: Sequence[str], right: Sequence[str]) -> list[Match]:
    """Indices of equal lines, rising on both sides."""
    found: list[Match] = []
    a = b = 0
    for i, j in [*_held(left, right), (len(left), len(right))]:
        found += ((a + x, b + y) for x, y in _between(left[a:i], right[b:j]))
        if i < len(left):
            found.append((i, j))
        a, b = i + 1, j + 1
    return found


def _held(left: Sequence[str], right: Sequence[str]) -> list[Match]:
    """The longest rising run of lines that both have exactly once."""
    ones, others = Counter(left), Counter(right)
    places = {line: at for at, line in enumerate(left) if ones[line] == 1}
    both = [
        (places[line], at) for at, line in enumerate(right) if others[line] == 1 and line in places
    ]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, (at, _) in enumerate(both):
        place = bisect_left(ends, at)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [at]
        last[place : place + 1] = [n]
    run: list[Match] = []
    n = last[-1] if last else -1
    while n >= 0:
        run.append(both[n])
        n = before[n]
    return run[::-1]


def _between(left: Sequence[str], right: Sequence[str]) -> Iterator[Match]:
    if len(left) * len(right) <= _SMALL:
        blocks = difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
        for block in blocks:
            yield from ((block.a + n, block.b + n) for n in range(block.size))
        return
    # Each line where it comes next: what was sent is for the most part what was not left out.
    places: dict[str, list[int]] = {}
    for at, line in enumerate(left):
        places.setdefault(line, []).append(at)
    a = 0
    for b, line in enumerate(right):
        listed = places.get(line, [])
        next_one = bisect_left(listed, a)
        if next_one < len(listed):
            yield listed[next_one], b
            a = listed[next_one] + 1
