"""Whose the terminal is: an agent in the background, or before a pager, leaves it alone."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

_PATIENCE = 30.0


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("ending", ["exit 7", "kill -9 $$"])
def test_a_job_in_the_background_is_not_stopped(tmp_path: Path, ending: str) -> None:
    agent = tmp_path / "claude"
    agent.write_text(f"#!/bin/sh\n{ending}\n")
    agent.chmod(0o755)
    code = "137" if "kill" in ending else "7"
    said = _typed(tmp_path, "$WRAP & wait $!; echo ended with $?", f"ended with {code}")
    assert f"\nended with {code}" in said, said


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_pager_keeps_its_settings(tmp_path: Path) -> None:
    """It is still there when the agent has ended."""
    agent = tmp_path / "claude"
    until = "until [ -e {} ]; do sleep 0.05; done"
    begun, quiet = tmp_path / "begun", tmp_path / "quiet"
    agent.write_text(f"#!/bin/sh\ntouch {begun}; {until.format(quiet)}\n")
    agent.chmod(0o755)
    set_up = f"{until.format(begun)}; stty -echo </dev/tty; touch {quiet}"
    pager = f"sh -c '{set_up}; cat; stty -a </dev/tty'"
    said = _typed(tmp_path, f"$WRAP | {pager}; stty echo; echo it is over", "\nit is over")
    # After the line itself, which names it, too.
    assert " -echo " in said.rpartition("\nspeed ")[2], said


def _typed(folder: Path, line: str, wanted: str) -> str:
    """What a line does in an interactive shell, until that is on the screen."""
    child, screen = pty.fork()
    if not child:
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
        os.environ["HEADROOM_HOME"] = str(folder / "home")
        os.environ["WRAP"] = f"{sys.executable} -m headroom_wrap wrap claude"
        os.environ["PS1"] = "$ "
        os.execlp("bash", "bash", "--norc", "--noprofile", "-i")
    try:
        os.write(screen, f"{line}\n".encode())
        seen, until = "", time.monotonic() + _PATIENCE
        while wanted not in seen and "Stopped" not in seen and time.monotonic() < until:
            if select.select([screen], [], [], 0.2)[0]:
                seen += os.read(screen, 1 << 16).decode(errors="replace").replace("\r", "")
        return seen
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(screen)
