"""What the library gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CompressResult:
    """`messages` are those to send; tokens are o200k, counted over all texts of all messages.

    `transforms` names the compressors that had a part in it, `hashes` the originals that
    `retrieve` gives back, both in the order of the messages.
    """

    messages: list[Any]
    tokens_before: int = 0
    tokens_after: int = 0
    transforms: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def tokens_saved(self) -> int:
        return self.tokens_before - self.tokens_after

    @property
    def kept_fraction(self) -> float:
        """Tokens after over tokens before; 1.0 where there were none."""
        return self.tokens_after / self.tokens_before if self.tokens_before else 1.0

    @property
    def saved_fraction(self) -> float:
        return 1.0 - self.kept_fraction

    @property
    def compression_ratio(self) -> float:
        """The same as `kept_fraction`, under the name that callers of `/v1/compress` know."""
        return self.kept_fraction


@dataclass(frozen=True, slots=True)
class TextResult:
    """A shortened text; `hash` names the original, "" where nothing was changed."""

    text: str
    tokens_before: int
    tokens_after: int
    transforms: tuple[str, ...] = ()
    hash: str = ""

    @property
    def tokens_saved(self) -> int:
        return self.tokens_before - self.tokens_after

    def __str__(self) -> str:
        return self.text
