"""A prefix cache like the providers', so that `usage` shows what a changed prefix costs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

_LOOKBACK = 20
_SMALLEST = 1024
_STEP = 128


def tokens(text: str) -> int:
    """A stand-in for the provider's own count: four characters to the token."""
    return (len(text) + 3) // 4


@dataclass(frozen=True)
class Hit:
    """How the input of one request splits over the prices."""

    read: int
    written: int
    fresh: int


class PrefixCache:
    """Remembers hashes of the prefixes of what it was sent."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def marked(self, parts: list[str], marks: list[int]) -> Hit:
        """Anthropic's rule: written at the marks, read from the longest known prefix near one."""
        sums, hashes = _prefixes(parts)
        read = 0
        for mark in marks:
            near = range(mark, max(-1, mark - _LOOKBACK), -1)
            found = next((at for at in near if hashes[at] in self._known), None)
            if found is not None:
                read = max(read, sums[found])
        end = sums[max(marks)] if marks else 0
        self._known.update(hashes[mark] for mark in marks)
        total = sums[-1] if sums else 0
        return Hit(read, max(0, end - read), total - max(end, read))

    def automatic(self, parts: list[str]) -> Hit:
        """OpenAI's rule: every prefix is kept, read back from 1,024 tokens on in steps of 128."""
        sums, hashes = _prefixes(parts)
        known = [total for total, name in zip(sums, hashes, strict=True) if name in self._known]
        longest = max(known, default=0)
        read = longest // _STEP * _STEP if longest >= _SMALLEST else 0
        self._known.update(hashes)
        return Hit(read, 0, (sums[-1] if sums else 0) - read)


def _prefixes(parts: list[str]) -> tuple[list[int], list[bytes]]:
    sums, hashes, running, total = [], [], hashlib.sha256(), 0
    for part in parts:
        running.update(part.encode("utf-8", "surrogatepass") + b"\0")
        total += tokens(part)
        sums.append(total)
        hashes.append(running.digest())
    return sums, hashes
