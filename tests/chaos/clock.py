"""Clocks that jump: forwards, backwards, between two requests and within one."""

from __future__ import annotations

import random
import time
from pathlib import Path
from unittest import mock

from headroom_wrap import retention, spill
from tests.chaos.talk import Place, Witness, bodies, exchange

_JUMPS = (0.0, 60.0, -3600.0, 86400.0, -86400.0, 40 * 86400.0, -400 * 86400.0)


def jumping(root: Path, turns: int) -> Witness:
    """A conversation under such a clock, pruned as at every start of a session."""
    witness, place, chance = Witness(), Place(root), random.Random(1)
    real, shift = time.time, 0.0

    def shifted() -> float:
        return real() + shift

    with mock.patch("time.time", shifted):
        for body in bodies(turns):
            shift += chance.choice(_JUMPS)
            store, spilled, pipeline = place.open()
            retention.daily(store, time.time(), spill.live_since(place.root / "run"))
            witness.see(body, exchange(pipeline, body), store)
            spilled.close()
            store.close()
    return witness
