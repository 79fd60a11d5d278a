"""The processes, from the side of whoever has something to judge."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import threading
from dataclasses import replace
from pathlib import Path

import msgspec

from headroom_wrap.errors import ClosedError, UnreadyError
from headroom_wrap.pipeline.judge import Judge
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.pipeline.worker.process import Process

_log = logging.getLogger(__name__)
_MOST = max(1, min(4, (os.cpu_count() or 1) // 2))
_TRIES = 2
_PATIENCE = 60.0
_answer = msgspec.msgpack.Decoder(tuple[Verdict | None, list[str]]).decode


class Pool:
    """Thread-safe. `model` is the model file that says which words are needed, None for ours;
    after `patience` seconds a task is taken to hang."""

    def __init__(self, model: Path | None = None, patience: float = _PATIENCE) -> None:
        self._model, self._patience = model, patience
        self._idle: list[Process] = []
        self._busy: set[Process] = set()
        self._slots = threading.BoundedSemaphore(_MOST)
        self._lock = threading.Lock()
        self._closed = False
        self._failed = 0

    def start(self) -> None:
        """Have a process ready for the first task. Blocking."""
        with contextlib.suppress(UnreadyError, ClosedError), self._slots:
            self._give(self._take())

    def ask(self, judge: Judge, what: str, *given: object) -> Verdict | None:
        """What the judge's method `what` returns. Raises UnreadyError where no process can be
        started, ClosedError when the pool is closed, OSError where the task ends its process: once
        more is tried, for it may have been killed by somebody."""
        task = pickle.dumps((replace(judge, pool=None), what, given))
        with self._slots:
            found, lines = _answer(self._answered(task))
        for line in lines:
            _log.error("%s", line)
        return found

    def _answered(self, task: bytes) -> bytes:
        process = self._take()
        for last in (False, True):
            try:
                answer = process.ask(task)
            except (EOFError, OSError):
                with self._lock:
                    self._busy.discard(process)
                hung = process.close()
                if hung or last:
                    break
            else:
                self._give(process)
                return answer
            try:
                process = self._take()
            except UnreadyError:
                break
        if self._closed:
            raise ClosedError("nothing is judged any more")
        raise ChildProcessError("a text ended the process that judged it")

    def close(self) -> None:
        """End the processes, busy ones as well: their tasks fail."""
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
            for process in self._busy:
                process.kill()
        for process in idle:
            process.close()

    def _take(self) -> Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    self._busy.add(process)
                    return process
                process.close()
        if self._closed:
            raise ClosedError("nothing is judged any more")
        if self._failed >= _TRIES:
            raise UnreadyError("no process to judge in starts")
        try:
            process = Process(self._patience, self._model)
        except UnreadyError:
            self._failed += 1
            raise
        # Counted in a row: a proxy runs for months, and one in a while must not add up.
        self._failed = 0
        with self._lock:
            if not self._closed:
                self._busy.add(process)
                return process
        process.close()
        raise ClosedError("nothing is judged any more")

    def _give(self, process: Process) -> None:
        with self._lock:
            self._busy.discard(process)
            if not self._closed:
                self._idle.append(process)
                return
        process.close()
