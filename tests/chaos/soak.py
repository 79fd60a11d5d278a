"""Many sessions for long, on loopback: is every request answered, every original kept, every prefix
left as it was; do memory and open files stay what they were?"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from tests.chaos.load import Ended, Load, Sample, run

_GROWTH = 1.15
_FILES = 8


def report(load: Load, ended: Ended) -> bool:
    """The figures, and whether they are as they must be."""
    way = "headroom wrap" if load.wrapped else "headroom proxy"
    print(
        f"{way}: {load.requests:,} requests of {load.sessions} sessions at once, {load.turns} turns"
    )
    sound = ended.answered == ended.arrived == load.requests
    print(f"  answered {ended.answered:,} · arrived {ended.arrived:,} · {ended.seconds:.0f} s")
    print(f"  tool results {ended.results:,}, shortened {ended.shortened:,}")
    print(f"  changed after they were sent {ended.changed}, originals lost {ended.lost}")
    early, late = _parts(ended.samples)
    for name, words in (("memory", "memory, MB"), ("files", "open files"), ("threads", "threads")):
        before, after = (
            statistics.median(getattr(s, name) for s in part) for part in (early, late)
        )
        highest = max(getattr(s, name) for s in ended.samples)
        print(f"  {words}: {before:.0f} → {after:.0f}, highest {highest:.0f}")
    cpu = ended.samples[-1].cpu / load.requests
    print(f"  CPU of ours a request: {1e3 * cpu:.1f} ms")
    grown = _median(late, "memory") > _GROWTH * _median(early, "memory")
    opened = _median(late, "files") > _median(early, "files") + _FILES
    return sound and not (ended.changed or ended.lost or grown or opened)


def _median(part: list[Sample], name: str) -> float:
    return float(statistics.median(getattr(sample, name) for sample in part))


def _parts(samples: list[Sample]) -> tuple[list[Sample], list[Sample]]:
    """The second fifth, when all is warm, and the last."""
    fifth = max(len(samples) // 5, 1)
    return samples[fifth : 2 * fifth] or samples, samples[-fifth:]


def main() -> int:
    """1 when something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=25)
    parser.add_argument("--wrap", action="store_true", help="through `headroom wrap` and TLS")
    given = parser.parse_args()
    load = Load(given.sessions, given.requests, given.turns, given.wrap)
    with tempfile.TemporaryDirectory(prefix="headroom-soak-") as root:
        ended = run(Path(root), load)
    return 0 if report(load, ended) else 1


if __name__ == "__main__":
    sys.exit(main())
