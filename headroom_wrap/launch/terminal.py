"""Gives the terminal back as it was found, also after an agent that was killed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

# Main screen, no mouse reports, no bracketed paste, keypad and cursor as usual, no kitty keys,
# plain colours.
_RESET = (
    "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[?2026l"
    "\x1b[?1l\x1b>\x1b[<u\x1b[?25h\x1b[0m\r"
)


class Screen:
    """The terminal, where there is one; `killed` says that the agent could not tidy up."""

    def __init__(self) -> None:
        self.killed = False

    def reset(self) -> None:
        """Undo the modes that a killed agent leaves on."""
        with contextlib.suppress(OSError):
            if sys.stdout.isatty():
                os.write(sys.stdout.fileno(), _RESET.encode())


def _in_front() -> bool:
    """Whether the terminal is ours to set: a job in the background would be stopped for it."""
    with contextlib.suppress(OSError, ValueError):
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return False


@contextlib.contextmanager
def kept() -> Iterator[Screen]:
    """Line settings are put back at the end, where we are in front then."""
    screen = Screen()
    try:
        import termios
    except ImportError:
        yield screen
        return
    before = None
    with contextlib.suppress(termios.error, OSError, ValueError):
        # What is piped into a pager leaves the terminal to it.
        if sys.stdout.isatty():
            before = termios.tcgetattr(sys.stdin.fileno())
    try:
        yield screen
    finally:
        if before is not None and _in_front():
            if screen.killed:
                screen.reset()
            with contextlib.suppress(termios.error, OSError, ValueError):
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)
