"""A terminal's second screen: only lines that changed are drawn."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.text import Text

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[?25h\x1b[?1049l"
# Terminals that know these show a frame at once; others pass over them.
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"


class Screen:
    """`console` says how wide it is and which colours it has."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._drawn: list[str] = []
        self._size = (0, 0)
        self._pen = Console(
            file=io.StringIO(),
            force_terminal=True,
            color_system=console.color_system,  # type: ignore[arg-type]
            no_color=console.no_color,
            width=1000,
            highlight=False,
            emoji=False,
            markup=False,
        )

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the terminal, whatever COLUMNS said when it was another size."""
        try:
            found = os.get_terminal_size(self._console.file.fileno())
        except (OSError, ValueError):
            found = os.terminal_size((0, 0))
        # A terminal that nobody has told its size says 0.
        return found.columns or self._console.width, found.lines or self._console.height

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The second screen, until the end."""
        out = self._console.file
        _put(out, _ENTER)
        try:
            yield
        finally:
            _put(out, _LEAVE)

    def draw(self, lines: Sequence[Text]) -> None:
        """Shows a frame."""
        if self.size != self._size:
            self._size, self._drawn = self.size, []
        height = self._size[1]
        ready = [self._styled(line) for line in lines[:height]]
        ready += [""] * (height - len(ready))
        parts = ["\x1b[2J"] if not self._drawn else []
        for at, text in enumerate(ready):
            if at >= len(self._drawn) or self._drawn[at] != text:
                parts.append(f"\x1b[{at + 1};1H\x1b[2K{text}")
        self._drawn = ready
        if parts:
            _put(self._console.file, "".join([_BEGIN, *parts, _END]))

    def _styled(self, line: Text) -> str:
        with self._pen.capture() as captured:
            self._pen.print(line, end="", soft_wrap=True)
        return captured.get()


def _put(out: IO[str], text: str) -> None:
    out.write(text)
    out.flush()
