"""One thing that was looked at, and what is to be done about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class State(str, enum.Enum):
    """BROKEN means that headroom cannot do its work; ODD, that something deserves a look."""

    FINE = "fine"
    ODD = "odd"
    BROKEN = "broken"

    @property
    def sign(self) -> str:
        return {"fine": "✓", "odd": "!", "broken": "✗"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and the next step."""

    what: str
    state: State
    words: str
    next: str = ""


def fine(what: str, words: str) -> Finding:
    return Finding(what, State.FINE, words)


def odd(what: str, words: str, step: str) -> Finding:
    return Finding(what, State.ODD, words, step)


def broken(what: str, words: str, step: str) -> Finding:
    return Finding(what, State.BROKEN, words, step)
