"""The loop: what is in the store, what is pressed, what is drawn."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from headroom_wrap.dashboard import detail, keys, state, views
from headroom_wrap.dashboard.detail import Detail
from headroom_wrap.dashboard.screen import Screen
from headroom_wrap.dashboard.snapshot import Snapshot
from headroom_wrap.dashboard.source import Source
from headroom_wrap.dashboard.state import State

# How often the store is asked whether there is anything new, and how often "2m" becomes "3m".
_LOOK = 0.5
_AGE = 5.0


def _never() -> bool:
    return False


def once(folder: Path, console: Console, session: str = "") -> Snapshot:
    """Prints one frame of the store in this folder; returns what it shows."""
    source = Source(folder)
    try:
        snapshot = source.read(session)
    finally:
        source.close()
    for line in views.frame(snapshot, State(focus="", picked=session), console.width, 0):
        console.print(line, soft_wrap=True)
    return snapshot


def live(
    folder: Path, console: Console, until: Callable[[], bool] = _never, session: str = ""
) -> None:
    """Shows the store in this folder until the user quits, or until `until()`."""
    source, screen = Source(folder), Screen(console)
    before = signal.signal(signal.SIGTERM, _ended)
    try:
        with keys.raw(), screen.shown():
            _Loop(source, screen, State(picked=session)).run(until)
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
        source.close()


def _ended(*_: object) -> None:
    # So that the terminal is given back.
    raise KeyboardInterrupt


class _Loop:
    def __init__(self, source: Source, screen: Screen, first: State) -> None:
        self._source = source
        self._screen = screen
        self._state = first
        self._snapshot = source.read(first.picked)
        self._version = source.version()
        self._opened: Detail | None = None

    def run(self, until: Callable[[], bool]) -> None:
        self._draw()
        while not self._state.over and not until():
            size = self._screen.size
            pressed = keys.wait(_LOOK)
            if pressed is None:
                return
            for key in pressed:
                self._press(key)
            looked = self._look()
            if pressed or looked or self._screen.size != size:
                self._draw()

    def _press(self, key: str) -> None:
        before = self._state
        page = max(self._screen.size[1] - 6, 1)
        self._state = state.press(before, key, self._snapshot, page)
        if self._state.picked != before.picked:
            self._snapshot = self._source.read(self._state.picked)
        if self._state.opened and self._state.opened != before.opened:
            shown = self._state.opened.shown
            self._opened = detail.detail(self._state.opened, self._source.texts(shown))
        if self._opened and self._state.opened:
            lines = len(self._opened.pairs) * 2
            self._state = replace(self._state, scroll=min(self._state.scroll, lines))

    def _look(self) -> bool:
        """Whether there is anything new to draw."""
        if self._state.paused:
            return False
        version = self._source.version()
        aged = time.time() - self._snapshot.at > _AGE
        if version == self._version and not aged:
            return False
        self._version = version
        self._snapshot = self._source.read(self._state.picked)
        return True

    def _draw(self) -> None:
        width, height = self._screen.size
        self._screen.draw(views.frame(self._snapshot, self._state, width, height, self._opened))
