"""An original beside what was sent: which lines stayed, left, or came in their place."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from headroom_wrap.report import clean

# Beyond it, matching lines takes seconds; the two texts then stand side by side as they are.
_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the original and one of what was sent; a number is 0 where there is none."""

    number: int
    left: str
    sent: int
    right: str

    @property
    def same(self) -> bool:
        return bool(self.number and self.sent) and self.left == self.right


def pairs(original: str, sent: str) -> list[Pair]:
    """All lines of both, in order."""
    left, right = clean.lines(original), clean.lines(sent)
    if len(left) + len(right) > _MOST_LINES:
        return _beside(left, right, 0, 0)
    found: list[Pair] = []
    matcher = difflib.SequenceMatcher(None, left, right)
    for _, a, b, c, d in matcher.get_opcodes():
        found += _beside(left[a:b], right[c:d], a, c)
    return found


def _beside(left: list[str], right: list[str], a: int, b: int) -> list[Pair]:
    return [
        Pair(
            a + at + 1 if at < len(left) else 0,
            left[at] if at < len(left) else "",
            b + at + 1 if at < len(right) else 0,
            right[at] if at < len(right) else "",
        )
        for at in range(max(len(left), len(right)))
    ]


def unified(original: str, sent: str, context: int = 3) -> list[str]:
    """The same as lines of a diff: ` ` stayed, `-` left, `+` came."""
    left, right = clean.lines(original), clean.lines(sent)
    if len(left) + len(right) > _MOST_LINES:
        return [*(f"-{line}" for line in left), *(f"+{line}" for line in right)]
    found = difflib.unified_diff(left, right, n=context, lineterm="")
    return list(found)[2:]
