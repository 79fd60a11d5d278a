"""The process that judges: `python -m headroom_wrap.pipeline.worker SECONDS [MODEL]`, tasks on
standard input, answers on standard output, until the input ends or a task takes too long."""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import pickle
import sys
from pathlib import Path

import msgspec

from headroom_wrap import compressors, kompress
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.pipeline.worker import frame


class _Told(logging.Handler):
    """Collects what is logged here: it goes back with the answer, into the log of whoever asked."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("headroom_wrap"):
            self.lines.append(record.getMessage())


def main() -> None:
    """Serve tasks; what libraries print must not get between the answers."""
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    told = _Told()
    logging.getLogger().addHandler(told)
    patience, *model = sys.argv[1:]
    for path in model:
        kompress.use(Path(path))
    compressors.prepare()
    gc.freeze()
    try:
        frame.write(answers, b"")
        while True:
            task = frame.read(tasks)
            # From a thread of C: a regular expression that never ends keeps the interpreter's lock.
            faulthandler.dump_traceback_later(float(patience), exit=True)
            answer = _done(task, told)
            faulthandler.cancel_dump_traceback_later()
            frame.write(answers, answer)
    except (EOFError, OSError):
        # Not sys.exit: closing standard input would wait for its lock, which a reader may hold.
        os._exit(0)


def _done(task: bytes, told: _Told) -> bytes:
    # Only the process that started this one can write to it.
    judge, what, given = pickle.loads(task)
    found: Verdict | None = getattr(judge, what)(*given)
    lines, told.lines = told.lines, []
    return msgspec.msgpack.encode((found, lines))


if __name__ == "__main__":
    main()
