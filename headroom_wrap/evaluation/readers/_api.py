"""What a reader is: a model that answers prompts, and the module that opens it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation.rows import Answer, Json, Prompt


@dataclass(frozen=True, slots=True)
class Setup:
    """What the user says of the reader. `plain` tells calls and results in words, for endpoints
    whose model knows no tools; `context` is the window of a local model in tokens."""

    model: str = ""
    base_url: str = ""
    key: str = ""
    gguf: Path | None = None
    seed: int = 0
    plain: bool = False
    context: int = 8192
    threads: int = 0
    wait: Callable[[float], Awaitable[object]] = asyncio.sleep


class RefusedError(HeadroomError):
    """The reader does not take this one prompt: too long for it, as a rule."""


class Reader(Protocol):
    """An open reader."""

    @property
    def identity(self) -> Json:
        """What its answers depend on besides the prompt; no secrets, for reports carry it."""

    @property
    def parallel(self) -> bool:
        """Whether it can be asked several things at once."""

    @property
    def notes(self) -> list[str]:
        """What could not be asked as it was meant, for the report."""

    def body(self, prompt: Prompt, tokens: int) -> Json:
        """The request for a prompt, `tokens` the longest answer: what the cache goes by."""

    async def ask(self, body: Json) -> Answer:
        """The answer. Raises RefusedError for this prompt, HeadroomError for all."""

    async def close(self) -> None:
        """Let go of connections."""


class Opener(Protocol):
    """The module of a reader."""

    NAME: str
    KEY: str
    """The variable that holds the key."""

    def opened(self, setup: Setup) -> Reader:
        """The reader as set up. Raises HeadroomError."""
