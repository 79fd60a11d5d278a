"""Prints our line, and below it what the user's own status line command prints."""

from __future__ import annotations

import os
import sys

from headroom_wrap.statusline import reading

# The agent drops the whole line when the exit code is not 0.
_SHELL = ("/bin/sh", "-c", '/bin/sh -c "$1"; exit 0', "sh")


def main(arguments: list[str]) -> int:
    """`STORE SESSION [COMMAND]`; COMMAND is given the input that we were given."""
    folder, session, *command = arguments
    line = reading.line(folder, session)
    sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "replace"))
    sys.stdout.flush()
    if command:
        # In our place: it reads the agent's input itself, and we need not wait for it.
        os.execv(_SHELL[0], [*_SHELL, command[0]])
    return 0
