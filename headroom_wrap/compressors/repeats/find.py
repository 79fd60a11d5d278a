"""What repeats in a list of lines: a block at once, a run seen before, one wording with others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from headroom_wrap.compressors.repeats import wording
from headroom_wrap.compressors.repeats.wording import Wording

_MOST_BLOCK = 100
_LEAST_LINE = 16
_LEAST_BLOCK = 60
_LEAST_AGAIN = 3
_LEAST_AGAIN_CHARS = 100


@dataclass(frozen=True, slots=True)
class Block:
    """Lines [start, start + size) stand `times` times, one after the other."""

    start: int
    size: int
    times: int

    @property
    def end(self) -> int:
        return self.start + self.size * self.times


@dataclass(frozen=True, slots=True)
class Again:
    """Lines [start, end) equal those from where the first of them stood first."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """Lines [start, end) have one wording."""

    start: int
    end: int
    wording: Wording


Piece = Block | Again | Row


def pieces(lines: Sequence[str], plain: Callable[[str], bool]) -> Iterator[Piece]:
    """What repeats, in order and apart; `plain` lines get into no table.

    Nor do those that stand again further down: they are to be found as they are.

    Linear: what a look at some lines costs is bounded, or those lines are passed by after it.
    """
    following = _following(lines)
    first: dict[str, int] = {}
    seen = at = quiet = 0
    while at < len(lines):
        for i in range(seen, at):
            first.setdefault(lines[i], i)
        seen = at
        block = _block(lines, at, following[at]) if following[at] else None
        again = _again(lines, at, first) if lines[at] in first else None
        piece: Piece | None = _longer(block, again)
        if piece is None and at >= quiet:
            end = wording.run(lines, at, lambda i: following[i] > 0 or plain(lines[i]))
            found = wording.find(lines[at:end])
            piece = Row(at, end, found) if found else None
            quiet = at + max(1, (end - at) // 2)
        if piece:
            yield piece
        at = piece.end if piece else at + 1


def _following(lines: Sequence[str]) -> list[int]:
    """For each line where it stands next, or 0."""
    places: dict[str, int] = {}
    following = [0] * len(lines)
    for i in range(len(lines) - 1, -1, -1):
        following[i] = places.get(lines[i], 0)
        places[lines[i]] = i
    return following


def _longer(block: Block | None, again: Again | None) -> Block | Again | None:
    if block and again:
        return again if again.end > block.end else block
    return block or again


def _block(lines: Sequence[str], start: int, after: int) -> Block | None:
    size = after - start
    if not 0 < size <= _MOST_BLOCK:
        return None
    end = after
    while end < len(lines) and lines[end] == lines[end - size]:
        end += 1
    found = Block(start, size, (end - start) // size)
    saved = (found.times - 1) * (sum(map(len, lines[start:after])) + size)
    least = _LEAST_LINE if size == 1 and lines[start].strip() else _LEAST_BLOCK
    return found if found.times > 1 and saved >= least else None


def _again(lines: Sequence[str], start: int, first: dict[str, int]) -> Again | None:
    source = first.get(lines[start], start)
    end, most = start, min(len(lines), 2 * start - source)
    while end < most and lines[end] == lines[source + end - start]:
        end += 1
    if end - start <= _LEAST_AGAIN:
        return None
    saved = sum(map(len, lines[start + 1 : end])) + end - start
    return Again(start, end) if saved >= _LEAST_AGAIN_CHARS else None
