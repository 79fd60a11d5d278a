"""One thread that owns the encoder: one window at a time, states cached, never past a deadline."""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress.encoder import WINDOW, Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    States = NDArray[np.float32]

    Window = tuple[int, ...] | tuple[str, ...]

_CACHED_TOKENS = 24_000
LONG_WORD = 16
"""Tokens of a word that are read."""


@dataclass(frozen=True, slots=True)
class _Job:
    windows: tuple[Window, ...]
    until: float
    done: Future[list[States] | None]


class Worker:
    """Loads the model at the first job; a job that cannot finish in time is answered None.

    After a failure all further jobs are answered None at once.
    """

    def __init__(self, path: Path, threads: int = 2, window: int = WINDOW) -> None:
        self._path, self._threads, self._window = path, threads, window
        self._encoder: Encoder | None = None
        self._broken = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._cache: OrderedDict[bytes, States] = OrderedDict()
        self._cached = 0
        self._thread = threading.Thread(target=self._run, name="kompress", daemon=True)
        self._thread.start()

    def states(self, windows: Sequence[Sequence[int]], until: float) -> list[States] | None:
        """Hidden states of every window, a row per token; None when not there by `until`."""
        return self._asked(tuple(tuple(w) for w in windows), until)

    def words(self, windows: Sequence[Sequence[str]], until: float) -> list[States] | None:
        """The same for windows of words: a row per token, how many the word has in front."""
        return self._asked(tuple(tuple(w) for w in windows), until)

    def _asked(self, windows: tuple[Window, ...], until: float) -> list[States] | None:
        left = until - time.monotonic()
        if self._broken or left <= 0:
            return None
        done: Future[list[States] | None] = Future()
        self._jobs.put(_Job(windows, until, done))
        try:
            return done.result(left)
        except LateError:
            return None

    def close(self) -> None:
        """Stop the thread and give the memory back."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job.done.set_result(self._work(job))
            except (HeadroomError, OSError, MemoryError):
                self._broken = True
                job.done.set_result(None)
            except Exception as problem:
                # To the one who asked, not to the thread: later jobs would wait for a dead one.
                self._broken = True
                job.done.set_exception(problem)
        if self._encoder:
            self._encoder.close()

    def _work(self, job: _Job) -> list[States] | None:
        found = []
        for window in job.windows:
            if time.monotonic() > job.until:
                return None
            found.append(self._one(window))
        return found

    def _one(self, window: Window) -> States:
        key = hashlib.sha256(repr(window).encode("utf-8", "surrogatepass")).digest()
        states = self._cache.get(key)
        if states is None:
            if self._encoder is None:
                self._encoder = Encoder(self._path, self._threads, self._window)
            states = _read(self._encoder, window)
            self._cache[key] = states
            self._cached += len(states)
            while self._cached > _CACHED_TOKENS and len(self._cache) > 1:
                self._cached -= len(self._cache.popitem(last=False)[1])
        self._cache.move_to_end(key)
        return states


def _read(encoder: Encoder, window: Window) -> States:
    import numpy as np

    ids: list[int] = []
    owner: list[int] = []
    for i, item in enumerate(window):
        mine = [item] if isinstance(item, int) else encoder.ids(str(item))[:LONG_WORD]
        ids += mine
        owner += [i] * len(mine)
    states = encoder.states(ids)
    if not any(isinstance(item, str) for item in window[:1]):
        return states
    whose = np.asarray(owner[: len(states)], np.float32)[:, None]
    return np.concatenate([whose, states], axis=1)
