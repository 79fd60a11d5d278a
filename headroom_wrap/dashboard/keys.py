"""Keys of a terminal in raw mode, by name."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = {
    b"\x1b[A": "up",
    b"\x1b[B": "down",
    b"\x1b[C": "right",
    b"\x1b[D": "left",
    b"\x1bOA": "up",
    b"\x1bOB": "down",
    b"\x1bOC": "right",
    b"\x1bOD": "left",
    b"\x1b[5~": "page-up",
    b"\x1b[6~": "page-down",
    b"\x1b[H": "home",
    b"\x1b[F": "end",
    b"\x1b[1~": "home",
    b"\x1b[4~": "end",
    b"\x1bOH": "home",
    b"\x1bOF": "end",
    b"\x1b": "escape",
    b"\r": "enter",
    b"\n": "enter",
    b"\t": "tab",
    b"\x7f": "backspace",
    b"\x08": "backspace",
    b"\x03": "ctrl-c",
    b"\x04": "ctrl-c",
}
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.)|[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*", re.S)


def named(data: bytes) -> list[str]:
    """The keys in what a terminal sent; sequences that nobody knows are left out."""
    found = []
    for match in _SEQUENCE.finditer(data):
        raw = match[0]
        name = _NAMES.get(raw, "" if raw[0] < 32 else raw.decode("utf-8", "ignore"))
        if name:
            found.append(name)
    return found


@contextmanager
def raw() -> Iterator[None]:
    """The terminal gives every key at once, and is given back as it was."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        # Ctrl-C is a key like others, and Ctrl-Z would leave the shell on our screen.
        ours = termios.tcgetattr(descriptor)
        ours[3] &= ~termios.ISIG
        termios.tcsetattr(descriptor, termios.TCSADRAIN, ours)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def wait(seconds: float) -> list[str] | None:
    """The keys pressed within that time; None when the terminal is gone."""
    try:
        ready = select.select([sys.stdin], [], [], seconds)[0]
        if not ready:
            return []
        data = os.read(sys.stdin.fileno(), 1024)
        if data == b"\x1b":
            # A sequence may come in pieces; the key alone comes without more.
            time.sleep(0.02)
            if select.select([sys.stdin], [], [], 0)[0]:
                data += os.read(sys.stdin.fileno(), 1024)
    except InterruptedError:
        return []
    except OSError:
        return None
    return named(data) if data else None
