"""`kill -9` at every step of a request: before and after each write to the disk, and on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lmdb

from headroom_wrap import spill, store
from tests.chaos.talk import Place, Witness, bodies, exchange

_TURNS = 4
_MOST = 500


class Steps:
    """Counts the steps of a run, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self._last = last
        self.taken = 0

    def step(self) -> None:
        self.taken += 1
        if self.taken == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with a step before and one after it."""

        def called(*given: Any, **named: Any) -> Any:
            self.step()
            result = function(*given, **named)
            self.step()
            return result

        return called


def _inject(steps: Steps) -> None:
    """Only in a process that is forked off: it never comes back from here."""
    store.Store.write = steps.around(store.Store.write)  # type: ignore[method-assign]
    store.Store.get_many = steps.around(store.Store.get_many)  # type: ignore[method-assign]
    spill.Spill.put = steps.around(spill.Spill.put)  # type: ignore[method-assign]
    for name in ("replace", "open", "unlink"):
        setattr(os, name, steps.around(getattr(os, name)))
    begin = lmdb.Environment.begin

    class Environment:
        """Its transactions end with a step before the commit and one after it."""

        def __init__(self, inner: lmdb.Environment) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inner, name)

        def begin(self, *given: Any, **named: Any) -> Any:
            return _Steps(begin(self._inner, *given, **named), steps)

    real = lmdb.open
    store.lmdb.open = lambda *given, **named: Environment(real(*given, **named))


class _Steps:
    def __init__(self, inner: lmdb.Transaction, steps: Steps) -> None:
        self._inner = inner
        self._steps = steps

    def __enter__(self) -> lmdb.Transaction:
        return self._inner.__enter__()

    def __exit__(self, *how: Any) -> Any:
        self._steps.step()
        ended = self._inner.__exit__(*how)
        self._steps.step()
        return ended


def _session(place: Place, out: Path, steps: Steps) -> None:
    """A session that writes down what it forwards: the provider has it from then on."""
    _inject(steps)
    opened, spilled, pipeline = place.open()
    for turn, body in enumerate(bodies(_TURNS)):
        forwarded = exchange(pipeline, body)
        steps.step()
        (out / f"{turn}.part").write_bytes(forwarded)
        os.rename(out / f"{turn}.part", out / str(turn))
        steps.step()
    spilled.close()
    opened.close()


def killed_at(step: int, root: Path, witness: Witness) -> bool:
    """Ends a session at a step and goes on with it; False when it was over before."""
    place, out = Place(root), root / "out"
    out.mkdir(parents=True)
    child = os.fork()
    if not child:
        try:
            _session(place, out, Steps(step))
        finally:
            os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    opened, spilled, pipeline = place.open()
    sent = bodies(_TURNS)
    for turn in range(_TURNS):
        if (out / str(turn)).exists():
            witness.see(sent[turn], (out / str(turn)).read_bytes(), opened)
    for body in sent:
        witness.see(body, exchange(pipeline, body), opened, spilled)
    spilled.close()
    opened.close()
    return ended == -signal.SIGKILL


def every_step(root: Path, stride: int = 1) -> Witness:
    """All of them, or each so manieth."""
    whole = Witness()
    for step in range(1, _MOST, stride):
        seen = Witness()
        died = killed_at(step, root / str(step), seen)
        whole.add(seen)
        if not died:
            return whole
    raise AssertionError("a session of so few requests does not take as many steps")
