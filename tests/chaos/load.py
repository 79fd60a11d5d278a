"""The proxy, or a wrap, under load: what it answers and keeps, and what it takes of the machine."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from headroom_wrap.store import Store

_ROOT = Path(__file__).parents[2]
_EVERY = 1.0
_PATIENCE = 60.0


@dataclass(frozen=True)
class Sample:
    """A process and those it started at one moment: memory in MB, open files, threads, and seconds
    of CPU so far."""

    at: float
    memory: float
    files: int
    threads: int
    cpu: float


@dataclass(frozen=True)
class Ended:
    """What a load left."""

    asked: int
    answered: int
    arrived: int
    results: int
    shortened: int
    changed: int
    lost: int
    seconds: float
    samples: list[Sample]


@dataclass(frozen=True)
class Load:
    """How many sessions send how many requests in all, a new conversation after `turns`."""

    sessions: int
    requests: int
    turns: int
    wrapped: bool = False


def run(root: Path, load: Load, kills: int = 0) -> Ended:
    """The load from start to end, on loopback only; before it, the proxy is killed so often in the
    middle of the same load."""
    started = time.monotonic()
    with _upstream(root) as (port, report):
        place = f"api.anthropic.com=http://127.0.0.1:{port}"
        environ = {**os.environ, "HEADROOM_HOME": str(root / "home"), "PYTHONPATH": str(_ROOT)}
        environ["HEADROOM_UPSTREAM"] = place
        samples: list[Sample] = []
        for number in range(kills):
            _killed(root, load, environ, 0.2 + number % 7 / 3)
        way = _wrapped if load.wrapped else _proxied
        answered = way(root, load, environ, samples)
    seen = json.loads(report.read_text())
    store = Store(root / "home" / "data" / "store", readonly=True)
    lost = sum(store.original(name) is None for name in seen["hashes"])
    store.close()
    return Ended(
        load.requests,
        answered,
        seen["requests"],
        seen["results"],
        len(seen["hashes"]),
        seen["changed"],
        lost,
        time.monotonic() - started,
        samples,
    )


def _agents(load: Load) -> list[str]:
    numbers = map(str, (load.sessions, load.requests, load.turns))
    return [sys.executable, "-m", "tests.chaos.agents", *numbers]


@contextlib.contextmanager
def _proxy(root: Path, environ: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    log = root / f"proxy-{time.monotonic_ns()}.log"
    command = [sys.executable, "-m", "headroom_wrap", "proxy", "--port", "0"]
    with log.open("w") as stderr:
        proxy = subprocess.Popen(command, env=environ, stderr=stderr, stdin=subprocess.DEVNULL)
    try:
        yield proxy, _said(log, r"listening on (\S+)")
    finally:
        proxy.terminate()
        proxy.wait(_PATIENCE)


def _killed(root: Path, load: Load, environ: dict[str, str], seconds: float) -> None:
    with _proxy(root, environ) as (proxy, url):
        there = {**environ, "ANTHROPIC_BASE_URL": url}
        agents = subprocess.Popen(_agents(load), env=there, stdout=subprocess.PIPE)
        with contextlib.suppress(subprocess.TimeoutExpired):
            agents.wait(seconds)
        proxy.kill()
        agents.kill()
        agents.communicate()


def _proxied(root: Path, load: Load, environ: dict[str, str], samples: list[Sample]) -> int:
    with _proxy(root, environ) as (proxy, url), _watched(proxy.pid, samples):
        done = subprocess.run(
            _agents(load),
            env={**environ, "ANTHROPIC_BASE_URL": url},
            stdout=subprocess.PIPE,
            check=True,
        )
    return int(done.stdout)


def _wrapped(root: Path, load: Load, environ: dict[str, str], samples: list[Sample]) -> int:
    shim, out = root / "bin" / "claude", root / "answered"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{_agents(load)[0]}" {" ".join(_agents(load)[1:])} > {out}\n')
    shim.chmod(0o755)
    environ = {**environ, "PATH": f"{shim.parent}:{environ['PATH']}"}
    with (root / "wrap.log").open("w") as log:
        wrap = subprocess.Popen(
            [sys.executable, "-m", "headroom_wrap", "wrap", "claude"],
            env=environ,
            stdin=subprocess.DEVNULL,
            stderr=log,
        )
    with _watched(wrap.pid, samples):
        wrap.wait()
    return int(out.read_text() or 0)


@contextlib.contextmanager
def _upstream(root: Path) -> Iterator[tuple[str, Path]]:
    port, report = root / "port", root / "report"
    server = subprocess.Popen([sys.executable, "-m", "tests.chaos.upstream", port, report])
    try:
        yield _said(port, r"(\d+)"), report
    finally:
        server.terminate()
        server.wait(_PATIENCE)


def _memory(process: psutil.Process) -> float:
    """In MB, without what is mapped from files: the store's pages go when others need the room."""
    found = process.memory_info()
    return float(found.rss - getattr(found, "shared", 0)) / 1e6


def _said(file: Path, pattern: str) -> str:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        found = re.search(pattern, file.read_text()) if file.exists() else None
        if found:
            return found[1]
        time.sleep(0.05)
    raise TimeoutError(f"{file} does not say {pattern}")


@contextlib.contextmanager
def _watched(pid: int, samples: list[Sample]) -> Iterator[None]:
    """Samples of a process while the block runs."""
    over, process, started = threading.Event(), psutil.Process(pid), time.monotonic()

    def watch() -> None:
        while not over.wait(_EVERY):
            with contextlib.suppress(psutil.Error):
                every = [process, *process.children(recursive=True)]
                at, memory = time.monotonic() - started, sum(map(_memory, every))
                used = sum(sum(each.cpu_times()[:2]) for each in every)
                files = sum(each.num_fds() for each in every)
                threads = sum(each.num_threads() for each in every)
                samples.append(Sample(at, memory, files, threads, used))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
