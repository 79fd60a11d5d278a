"""A prompt as each level sends it: through the library's own `compress`, and a store of its own.

Not the user's: verdicts that an older version pinned there would be replayed, and an evaluation
would show up in the figures of `headroom perf`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from headroom_wrap import config as settings
from headroom_wrap import paths
from headroom_wrap.config import Config
from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation import talk
from headroom_wrap.evaluation.rows import Json, Prompt
from headroom_wrap.types import Level


@dataclass(frozen=True, slots=True)
class Sent:
    """What would be sent, with its size in o200k tokens. `back`: whether the store gives every
    original back, byte for byte; None where nothing was shortened."""

    prompt: Prompt
    tokens: int
    back: bool | None = None
    by: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All that tools answered."""
        return "\n".join(results(self.prompt))


def results(prompt: Prompt) -> list[str]:
    """The texts that tools answered with."""
    tools = (message for message in prompt.messages if message.get("role") == "tool")
    return [talk.text_of(message.get("content")) for message in tools]


@contextmanager
def stage() -> Iterator[Config]:
    """Settings that are the same for everybody, over an empty store; the user's model, though."""
    with tempfile.TemporaryDirectory(prefix="headroom-eval-") as folder:
        yield replace(Config(paths.under(Path(folder))), model=settings.load().model)


def shorten(prompt: Prompt, level: Level | None, stage: Config) -> Sent:
    """The prompt at a level; as it is without one."""
    from headroom import compress, simulate

    given = list(prompt.messages)
    if level is None:
        found = simulate(given, config=stage, level=Level.EXACT)
        return Sent(prompt, found.tokens_before)
    found = compress(given, level=level, config=stage)
    sent = replace(prompt, messages=tuple(found.messages))
    if not found.hashes:
        return Sent(prompt, found.tokens_before)
    return Sent(sent, found.tokens_after, _back(given, found.hashes, stage), found.transforms)


def _back(given: list[Json], hashes: tuple[str, ...], stage: Config) -> bool:
    from headroom import retrieve

    texts = set(results(Prompt(tuple(given))))
    try:
        return all(retrieve(name, config=stage) in texts for name in hashes)
    except HeadroomError:
        return False
