"""The dashboard beside the agent, where both are inside tmux."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from headroom_wrap import python

_SHARE = "35%"
_WIDE = 180


def dashboard(environ: Mapping[str, str]) -> str:
    """Opens it in a split of this window; returns what went wrong, "" if nothing did.

    It ends with this process, however this process ends.
    """
    pane = environ.get("TMUX_PANE", "")
    if not environ.get("TMUX") or not pane:
        return "not inside tmux: run `headroom dashboard` in another terminal"
    # Beside a wide window, below a narrow one.
    where = "-h" if _width(pane) >= _WIDE else "-v"
    split = ["tmux", "split-window", "-d", where, "-t", pane, "-l", _SHARE]
    for name in sorted(environ):
        if name.startswith("HEADROOM_") or name == "NO_COLOR":
            split += ["-e", f"{name}={environ[name]}"]
    ours = python.command("headroom_wrap", "dashboard", "--while", str(os.getpid()))
    return _run([*split, *ours])[1]


def _width(pane: str) -> int:
    found = _run(["tmux", "display-message", "-p", "-t", pane, "#{pane_width}"])[0].strip()
    return int(found) if found.isdigit() else 0


def _run(command: list[str]) -> tuple[str, str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return "", f"tmux cannot be used: {problem}"
    return done.stdout, f"tmux: {done.stderr.strip()}" if done.returncode else ""
