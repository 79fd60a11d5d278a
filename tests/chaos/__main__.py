"""All faults, one after the other, and a table of how they went: python -m tests.chaos [NAME …]"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.chaos import clock, disk, kill, load
from tests.chaos.load import Load
from tests.chaos.talk import Witness

Outcome = tuple[bool, str]


def _seen(witness: Witness) -> Outcome:
    words = f"{witness.requests:,} requests, {witness.shortened:,} shortened results seen"
    bad = f"{witness.changed} changed, {witness.lost} lost"
    return not (witness.changed or witness.lost), f"{words}: {bad}"


def _copies(root: Path) -> Outcome:
    made, anew, dead = disk.copied(root, 60)
    return not dead, f"{made} copies, {anew} built anew, {dead} that could not be used"


def _damage(root: Path) -> Outcome:
    dead, saved = disk.spoiled(root, 150)
    words = f"150 stores: {dead} that could not be used, at least {saved:.0%} of originals saved"
    return not dead, words


def _loaded(root: Path, given: Load, kills: int = 0) -> Outcome:
    ended = load.run(root, given, kills)
    words = (
        f"{ended.answered} of {ended.asked} answered, {ended.results} results: "
        f"{ended.changed} changed, {ended.lost} lost"
    )
    return ended.answered == ended.asked and not (ended.changed or ended.lost), words


FAULTS: dict[str, Callable[[Path], Outcome]] = {
    "kill -9 at every step": lambda root: _seen(kill.every_step(root)),
    "proxy killed under load": lambda root: _loaded(root, Load(10, 200, 20), kills=12),
    "full disk": lambda root: _seen(disk.full(root)),
    "read-only disk": lambda root: _seen(disk.read_only(root)),
    "copies while written": _copies,
    "damage anywhere": _damage,
    "clock jumps": lambda root: _seen(clock.jumping(root, 40)),
    "50 at once": lambda root: _loaded(root, Load(50, 500, 10)),
}


def main() -> int:
    """1 when one of them went badly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FAULTS))
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    failed = 0
    for name in given.names or FAULTS:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="headroom-chaos-") as root:
            sound, words = FAULTS[name](Path(root))
        failed += not sound
        mark = "✓" if sound else "✗"
        print(f"{mark} {name:26}{words} ({time.monotonic() - started:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
