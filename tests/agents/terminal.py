"""A tmux pane inside a sandbox: type, look, wait."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Sequence

from tests.agents.sandbox import Sandbox

_PATIENCE = 40.0


class Terminal:
    """A shell in a pane; ended with the sandbox."""

    def __init__(self, box: Sandbox, columns: int = 110, rows: int = 40) -> None:
        self._box = box
        shell = "bash --norc --noprofile"
        size = ["-x", str(columns), "-y", str(rows)]
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, f"PS1='ready> ' {shell} -i")
        self.wait_for("ready>")

    def _tmux(self, *words: str) -> str:
        ran = self._box.run(["tmux", "-S", str(self._box.folder / "tmux"), *words])
        assert ran.code == 0, str(ran)
        return ran.out

    def screen(self) -> str:
        """What the pane shows."""
        return self._tmux("capture-pane", "-p")

    def keys(self, *names: str) -> None:
        """Press keys, by tmux's names."""
        self._tmux("send-keys", *names)

    def line(self, text: str) -> None:
        """Type a text, and only then Enter: a paste of both at once stays in the input box."""
        self._tmux("send-keys", "-l", text)
        time.sleep(0.5)
        self.keys("Enter")

    def command(self, words: Sequence[str]) -> None:
        """Type a command line."""
        self.line(shlex.join(words))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def wait_for(self, pattern: str, patience: float = _PATIENCE) -> str:
        """The screen, once it shows the pattern."""
        deadline = time.monotonic() + patience
        while not re.search(pattern, shown := self.screen()):
            assert time.monotonic() < deadline, f"no {pattern!r} on the screen:\n{shown}"
            time.sleep(0.2)
        return shown
