"""Drives the targets with libFuzzer by way of atheris, each in a process of its own.

python -m tests.fuzz [--seconds N] [--jobs N] [--folder FOLDER] [TARGET …]

Seconds are CPU time of one target. Inputs worth keeping, those that were found to fail, and a line
per run lie in the folder (`.fuzz`); `--report` adds up the lines.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_HANG = 60
_LARGEST = 40_000
_MEMORY = 3000
_COVERED = re.compile(r"cov: (\d+)")
_KINDS = {70: "hang", 71: "memory"}


def one(name: str, seconds: float, folder: Path) -> None:
    """Fuzz one target until its CPU time is spent."""
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["headroom_wrap"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus, found = folder / "corpus" / _plain(name), folder / "found" / _plain(name)
    for place in (corpus, found):
        place.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number:04}").write_bytes(seed[:_LARGEST])
    runs = 0

    def check(data: bytes) -> None:
        nonlocal runs
        try:
            target.check(data)
        except BaseException:
            # libFuzzer keeps none that fails while it reads the seeds.
            (found / "failed").write_bytes(data)
            raise
        runs += 1
        if time.process_time() > seconds:
            print(f"RUNS {runs}", flush=True)
            os._exit(0)

    limits = [f"-timeout={_HANG}", f"-max_len={_LARGEST}", f"-rss_limit_mb={_MEMORY}"]
    atheris.Setup([name, *limits, f"-artifact_prefix={found}/", str(corpus)], check)
    atheris.Fuzz()


def watched(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Run a target in a process of its own, and say how it went."""
    command = [sys.executable, "-m", "tests.fuzz", "--one", "--seconds", str(seconds)]
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    log = folder / "logs" / f"{_plain(name)}.log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            [*command, "--folder", str(folder), name], stdout=out, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text("utf-8", "replace")
    row = {
        "target": name,
        "cpu": round(used.ru_utime + used.ru_stime),
        "runs": int((re.findall(r"^RUNS (\d+)", text, re.M) or ["0"])[-1]),
        "covered": int((_COVERED.findall(text) or ["0"])[-1]),
        "end": "fine" if not child.returncode else _KINDS.get(child.returncode, "crash"),
    }
    with (folder / "runs.jsonl").open("a") as rows:
        rows.write(json.dumps(row) + "\n")
    return row


def report(folder: Path) -> None:
    """What all runs so far add up to."""
    sums: dict[str, dict[str, Any]] = {}
    for line in (folder / "runs.jsonl").read_text().splitlines():
        row = json.loads(line)
        total = sums.setdefault(row["target"], {"cpu": 0, "runs": 0, "covered": 0, "end": "fine"})
        total["cpu"] += row["cpu"]
        total["runs"] += row["runs"]
        total["covered"] = max(total["covered"], row["covered"])
        total["end"] = row["end"]
    print(f"{'target':32}{'CPU s':>7}{'inputs':>12}{'covered':>9}  last run")
    for name, total in sums.items():
        cells = f"{total['cpu']:7,}{total['runs']:12,}{total['covered']:9,}"
        print(f"{name:32}{cells}  {total['end']}")
    cpu, runs = (sum(total[key] for total in sums.values()) for key in ("cpu", "runs"))
    print(f"{'all':32}{cpu:7,}{runs:12,}")


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name)


def main() -> int:
    """1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"))
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.report:
        report(given.folder)
        return 0
    if given.one:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        one(given.targets[0], given.seconds, given.folder)
        return 0
    from tests.fuzz.targets import TARGETS

    unknown = set(given.targets) - TARGETS.keys()
    if unknown:
        parser.error(f"no target {', '.join(sorted(unknown))}; there are: {', '.join(TARGETS)}")
    failed = 0
    with ThreadPoolExecutor(given.jobs) as pool:
        names = given.targets or list(TARGETS)
        for row in pool.map(lambda name: watched(name, given.seconds, given.folder), names):
            print(json.dumps(row), flush=True)
            failed += row["end"] != "fine"
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
