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
from headroom_wrap.kompress.encoder import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    States = NDArray[np.float32]

_CACHED_TOKENS = 24_000


@dataclass(frozen=True, slots=True)
class _Job:
    windows: tuple[tuple[int, ...], ...]
    until: float
    done: Future[list[States] | None]


class Worker:
    """Loads the model at the first job; a job that cannot finish in time is answered None."""

    def __init__(self, path: Path, threads: int = 2) -> None:
        self._path, self._threads = path, threads
        self._encoder: Encoder | None = None
        self._broken = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._cache: OrderedDict[bytes, States] = OrderedDict()
        self._cached = 0
        self._thread = threading.Thread(target=self._run, name="kompress", daemon=True)
        self._thread.start()

    def states(self, windows: Sequence[Sequence[int]], deadline: float) -> list[States] | None:
        """Hidden states of every window, or None when they are not there within `deadline` s."""
        if self._broken:
            return None
        done: Future[list[States] | None] = Future()
        until = time.monotonic() + deadline
        self._jobs.put(_Job(tuple(tuple(w) for w in windows), until, done))
        try:
            return done.result(deadline)
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
        if self._encoder:
            self._encoder.close()

    def _work(self, job: _Job) -> list[States] | None:
        found = []
        for window in job.windows:
            if time.monotonic() > job.until:
                return None
            found.append(self._one(window))
        return found

    def _one(self, window: tuple[int, ...]) -> States:
        key = hashlib.sha256(repr(window).encode()).digest()
        states = self._cache.get(key)
        if states is None:
            if self._encoder is None:
                self._encoder = Encoder(self._path, self._threads)
            states = self._encoder.states(list(window))
            self._cache[key] = states
            self._cached += len(window)
            while self._cached > _CACHED_TOKENS:
                self._cached -= len(self._cache.popitem(last=False)[1])
        self._cache.move_to_end(key)
        return states
