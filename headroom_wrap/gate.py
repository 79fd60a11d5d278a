"""What is under way, so that a fork can wait for its end: LMDB cannot be closed in a child while
another thread of its parent was in the middle of something."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 2.0


class Gate:
    """`calm` says whether no other thread was inside when it was shut last."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: dict[int, int] = {}
        self._shut = False
        self.calm = True

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Lasts as long as what must have ended before a fork. A thread may be inside twice."""
        me = threading.get_ident()
        with self._changed:
            while self._shut and me not in self._inside:
                self._changed.wait()
            self._inside[me] = self._inside.get(me, 0) + 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[me] -= 1
                if not self._inside[me]:
                    del self._inside[me]
                    self._changed.notify_all()

    def shut(self) -> None:
        """Wait for the others, though not for ever; nobody enters until it is opened."""
        me = threading.get_ident()
        with self._changed:
            self._shut = True
            self.calm = self._changed.wait_for(lambda: self._inside.keys() <= {me}, _PATIENCE)

    def open(self) -> None:
        """Let those in who wait."""
        with self._changed:
            self._shut = False
            self._changed.notify_all()
