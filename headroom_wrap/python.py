"""Command lines that run our modules in another Python process. It may start in anybody's folder,
so nothing is imported from there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

_HOME = json.dumps(str(Path(__file__).resolve().parents[1]))
# This very package comes first, and nothing else of the folder that it lies in.
APART = (
    f"import sys; sys.path[:] = [{_HOME}, *filter(None, sys.path)]; "
    "import headroom_wrap; del sys.path[0]"
)
_RUN = 'import runpy; runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)'


def ours(command: str) -> bool:
    """Whether a command is this program: another package installs one of the same name."""
    beside = Path(sys.executable).with_name("headroom")
    return os.path.realpath(command) in (os.path.realpath(sys.argv[0]), os.path.realpath(beside))


def command(module: str, *arguments: str) -> list[str]:
    """The command line for `python -m module`, in any folder."""
    return [sys.executable, "-c", f"{APART}; {_RUN}", module, *arguments]
