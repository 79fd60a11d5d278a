"""A tmux of its own, so that a program meets a real terminal."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from pathlib import Path


class Terminal:
    """One window; `close` ends everything in it."""

    def __init__(self, folder: Path, width: int = 120, height: int = 36) -> None:
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        self._folder = folder
        self._do("new-session", "-d", "-x", str(width), "-y", str(height), "-s", "t", "sh")
        self._do("set", "-g", "status", "off")
        self.resize(width, height)

    def _do(self, *arguments: str) -> str:
        environ = {name: value for name, value in os.environ.items() if name != "TMUX"}
        environ |= {"HEADROOM_HOME": str(self._folder), "PS1": "$ ", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [*self._tmux, *arguments], capture_output=True, text=True, check=True, env=environ
        )
        return done.stdout

    def run(self, *command: str) -> None:
        self._do("send-keys", "-t", "t", "-l", shlex.join(command) + "; echo ended $?\n")

    def press(self, *keys: str) -> None:
        self._do("send-keys", "-t", "t", *keys)

    def resize(self, width: int, height: int) -> None:
        self._do("resize-window", "-t", "t", "-x", str(width), "-y", str(height))

    def screen(self) -> list[str]:
        return self._do("capture-pane", "-p", "-t", "t").split("\n")

    def wait(self, *words: str, without: str = "\0", seconds: float = 100.0) -> list[str]:
        """The screen once it shows all the words, and not what it must be `without`."""
        end = time.monotonic() + seconds
        while True:
            lines = self.screen()
            text = "\n".join(lines)
            if all(word in text for word in words) and without not in text:
                return lines
            if time.monotonic() > end:
                raise AssertionError(f"waited for {words} without {without!r}, saw:\n{text}")
            time.sleep(0.1)

    def close(self) -> None:
        self._do("kill-server")
