"""What a suite is: a plain module that satisfies this protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from headroom_wrap.evaluation.rows import Answer, Prompt, Row


@dataclass(frozen=True, slots=True)
class Source:
    """A public file: where it is fetched, under which name it is kept, and its licence. `member`
    is the file to take out where the address is that of a zip."""

    url: str
    name: str
    licence: str
    member: str = ""


class Suite(Protocol):
    """Rows out of a public file format, the prompt for a row, and what an answer is worth."""

    NAME: str
    ABOUT: str
    """One line: what is asked, and the file format."""

    SOURCES: tuple[Source, ...]
    METRICS: tuple[str, ...]
    """Names of the scores, each 0 … 1; the first is the main one. Empty: nobody is asked."""

    TOKENS: int
    """The longest answer."""

    MIXES: bool
    """Whether passages of other rows may stand beside a row's own."""

    def load(self, path: Path) -> Iterator[Row]:
        """The rows of a file or folder. Raises DataError."""

    def prompt(self, row: Row) -> Prompt:
        """The conversation whose last message asks."""

    def score(self, row: Row, answer: Answer) -> dict[str, float]:
        """A value for each of METRICS."""

    def same(self, one: Answer, other: Answer) -> bool:
        """Whether two answers come to the same."""
