"""One process that judges."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from headroom_wrap import python
from headroom_wrap.errors import UnreadyError
from headroom_wrap.pipeline.worker import frame

_PATIENCE = 5.0
# Of a busy machine with a slow disk.
_START = 60.0
# A process that hangs ends itself (see `__main__`); one that was stopped by a signal cannot.
_GRACE = 5.0
# The exit code of a process that ended itself because it hung; ends by a signal are negative.
_HUNG = 1


class Process:
    """A worker that is ready when the constructor returns, which raises UnreadyError otherwise.

    After `patience` seconds a task is taken to hang.
    """

    def __init__(self, patience: float, model: Path | None) -> None:
        self._patience, self._hung = patience, False
        given = [str(patience), *([str(model)] if model else [])]
        try:
            self._child = subprocess.Popen(
                python.command("headroom_wrap.pipeline.worker", *given),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # The terminal's signals are for the agent.
                start_new_session=True,
            )
        except (OSError, ValueError) as problem:
            raise UnreadyError("no process to judge in can be started") from problem
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._tasks, self._answers = self._child.stdin, self._child.stdout
        try:
            with self._limited(_START):
                frame.read(self._answers)
        except (EOFError, OSError) as problem:
            self.close()
            raise UnreadyError("the process to judge in does not start") from problem

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def ask(self, task: bytes) -> bytes:
        """The answer to a task. Raises EOFError or OSError where the process ends over it."""
        with self._limited(self._patience + _GRACE):
            frame.write(self._tasks, task)
            return frame.read(self._answers)

    @contextlib.contextmanager
    def _limited(self, seconds: float) -> Iterator[None]:
        limit = threading.Timer(seconds, self._give_up)
        limit.daemon = True
        limit.start()
        try:
            yield
        finally:
            limit.cancel()

    def _give_up(self) -> None:
        self._hung = True
        self.kill()

    def kill(self) -> None:
        """Ends it at once; who waits for an answer gets none."""
        self._child.kill()

    def close(self) -> bool:
        """Ends it, and returns whether it had hung."""
        with contextlib.suppress(OSError):
            self._tasks.close()
        try:
            ended = self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            ended = self._child.wait()
        self._answers.close()
        return self._hung or ended == _HUNG
