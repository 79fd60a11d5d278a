"""Counts the threads inside LMDB, so that a fork can wait until there is none: a child cannot close
an environment that another thread of its parent was using."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 2.0


class Gate:
    """Thread-safe. `calm`: whether no other thread was inside when the gate was last shut."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: dict[int, int] = {}
        self._shut = False
        self.calm = True

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Held while LMDB is used; waits while the gate is shut. A thread may enter it again."""
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
        """Keep threads from entering, and wait up to two seconds for those that are inside."""
        me = threading.get_ident()
        with self._changed:
            self._shut = True
            self.calm = self._changed.wait_for(lambda: self._inside.keys() <= {me}, _PATIENCE)

    def open(self) -> None:
        """Let the waiting threads in."""
        with self._changed:
            self._shut = False
            self._changed.notify_all()
