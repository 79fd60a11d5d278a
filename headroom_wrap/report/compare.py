"""An original beside what was sent: which lines stayed, left, or came in their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from headroom_wrap.report import clean
from headroom_wrap.report.align import matches

_CONTEXT = 3


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
    found: list[Pair] = []
    a = b = 0
    for i, j in [*matches(left, right), (len(left), len(right))]:
        found += _beside(left[a:i], right[b:j], a, b)
        if i < len(left) and j < len(right):
            found.append(Pair(i + 1, left[i], j + 1, right[j]))
        a, b = i + 1, j + 1
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


def unified(original: str, sent: str) -> list[str]:
    """The same as lines of a diff: ` ` stayed, `-` left, `+` came, `@@ 12` where lines that
    stayed are passed over."""
    found: list[str] = []
    same: list[Pair] = []
    came: list[str] = []
    for pair in pairs(original, sent):
        if pair.same:
            found += came
            came = []
            same.append(pair)
            continue
        found += _stayed(same, bool(found), True)
        same = []
        found += [f"-{pair.left}"] if pair.number else []
        came += [f"+{pair.right}"] if pair.sent else []
    return [*found, *came, *_stayed(same, bool(found or came), False)]


def _stayed(same: list[Pair], before: bool, after: bool) -> Iterator[str]:
    """As much of lines that stayed as says where the changes around them are."""
    head = _CONTEXT if before else 0
    tail = _CONTEXT if after else 0
    if len(same) <= head + tail:
        yield from (f" {pair.left}" for pair in same)
        return
    yield from (f" {pair.left}" for pair in same[:head])
    rest = same[len(same) - tail :]
    if rest:
        yield f"@@ {rest[0].number}"
        yield from (f" {pair.left}" for pair in rest)
