"""Threads take turns in an interpreter: a loop, whose events cannot wait, is given its own soon."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

# Seconds that whoever judges a text may go on, once an event has arrived.
_TURN = 0.0005
# In a burst most wait to have something judged, and looking up a host needs one, too.
_THREADS = 64


def shorten() -> None:
    """For the whole process."""
    sys.setswitchinterval(_TURN)


def apart(loop: asyncio.AbstractEventLoop) -> None:
    """A request with nothing new in it does not queue behind those with much."""
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, "request"))
