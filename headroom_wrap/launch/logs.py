"""Our log file: while an agent has the terminal, nothing of ours is written to it."""

from __future__ import annotations

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from headroom_wrap.errors import traced

_LARGE = 1 << 20


class _Private(RotatingFileHandler):
    """A log that only the user can read; made at the first line."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")


class _Discreet(logging.Formatter):
    """No log holds what passes through: of errors, and of what other libraries say, it takes the
    place where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler's spelling of the error may be in it already.
        told = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        if not record.name.startswith("headroom_wrap"):
            told.msg, told.args = f"{record.levelname} at {record.pathname}:{record.lineno}", ()
        return super().format(told)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return traced(ei[1])


def to_file(file: Path) -> None:
    """Send this process's log there."""
    # A full disk is no reason to write over the agent's screen.
    logging.raiseExceptions = False
    log = _Private(file, maxBytes=_LARGE, backupCount=1, encoding="utf-8", delay=True)
    log.setLevel(logging.WARNING)
    log.setFormatter(_Discreet("%(asctime)s %(process)d %(name)s: %(message)s"))
    logging.getLogger().addHandler(log)
