"""Every fuzz target holds for its seeds, for spoiled ones, and for all that was ever found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

_FOUND = Path(__file__).parent / "found"
_SEEDS = 6


def _spoiled(seed: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(seed) + 1)
    noise = chance.choice([b"", b'"', b"\\", b"\0", b"\n", b"\xff", b"[" * 50, seed[:40]])
    return seed[:at] + noise + seed[at + chance.choice([0, 1, 7, 200]) :]


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_what_is_near_them(name: str) -> None:
    target, chance = TARGETS[name], random.Random(name)
    seeds = sorted(target.seeds(), key=len)[:_SEEDS]
    assert seeds
    for seed in seeds:
        target.check(seed)
        for _ in range(3):
            target.check(_spoiled(seed, chance))


@pytest.mark.parametrize("junk", [b"", b"\n", b"\0\n\n", b"\xff" * 30, b"[" * 5000, b"1\n\n" * 99])
def test_junk(junk: bytes) -> None:
    for target in TARGETS.values():
        target.check(junk)


@pytest.mark.parametrize("file", sorted(_FOUND.glob("*/*")), ids=lambda file: file.parent.name)
def test_what_was_found_stays_mended(file: Path) -> None:
    """`found/TARGET/WHAT` holds an input that failed once."""
    TARGETS[file.parent.name].check(file.read_bytes())
