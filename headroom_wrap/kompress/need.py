"""How much readers need each word group: by the shipped head, or by the larger model in use."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap.kompress import encoder, head, tokenspan
from headroom_wrap.kompress.static import Static
from headroom_wrap.kompress.weights import mapped
from headroom_wrap.kompress.words import Group
from headroom_wrap.kompress.worker import Worker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

_WINDOW = 2_046


def needed(
    text: str, groups: Sequence[Group], static: Static, big: Path | None, deadline: float
) -> Scores:
    """Log odds per group. A large model that is late or cannot run leaves it to the head."""
    if big is not None and encoder.available():
        found = _read(text, groups, big, time.monotonic() + deadline)
        if found is not None:
            return found
    return head.scores(text, groups, static)


# A thread does not survive a fork.
@functools.cache
def _opened(path: Path, process: int) -> tuple[Worker, tokenspan.Heads] | None:
    weights = mapped(path)
    if weights.meta.get(tokenspan.KIND) != tokenspan.TOKEN_SPAN:
        return None
    return Worker(path, window=_WINDOW), tokenspan.load(weights)


def _read(text: str, groups: Sequence[Group], path: Path, until: float) -> Scores | None:
    import numpy as np

    opened = _opened(path, os.getpid())
    if opened is None:
        return None
    worker, heads = opened
    words, owner = _words(text, groups)
    chunks = [words[i : i + tokenspan.CHUNK] for i in range(0, len(words), tokenspan.CHUNK)]
    rows = worker.words(chunks, until)
    if rows is None:
        return None
    scores = [tokenspan.per_word(r, heads, len(c)) for r, c in zip(rows, chunks, strict=True)]
    best = np.zeros(len(groups), np.float32)
    np.maximum.at(best, np.asarray(owner, np.int64), np.concatenate(scores))
    chance = np.clip(best, 1e-4, 1 - 1e-4)
    found: Scores = np.log(chance / (1 - chance)).astype(np.float32)
    return found


def _words(text: str, groups: Sequence[Group]) -> tuple[list[str], list[int]]:
    """The words of a text, and the group each stands in."""
    words: list[str] = []
    owner: list[int] = []
    for i, group in enumerate(groups):
        mine = text[group.start : group.end].split()
        words += mine
        owner += [i] * len(mine)
    return words, owner
