"""Threads take turns in an interpreter: a loop, whose events cannot wait, is given its own soon."""

from __future__ import annotations

import sys

# Seconds that whoever judges a text may go on, once an event has arrived.
_TURN = 0.0005


def shorten() -> None:
    """For the whole process."""
    sys.setswitchinterval(_TURN)
