"""Keeps an event loop responsive beside threads that hold the interpreter."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

# Seconds after which a busy thread has to let the event loop run.
_TURN = 0.0005
# In a burst most of them wait for a result to be judged; name look-ups need one as well.
_THREADS = 64


def shorten() -> None:
    """Shorten the interpreter's switch interval, for the whole process."""
    sys.setswitchinterval(_TURN)


def apart(loop: asyncio.AbstractEventLoop) -> None:
    """Give a loop an executor so large that requests with nothing new need not queue."""
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, "request"))
