"""What Kompress costs, and whether it gives the same bytes whatever runs beside it."""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import psutil
import qa

from headroom_wrap import kompress, tokens
from headroom_wrap.compressors import prose
from headroom_wrap.kompress import encoder, rank, segment
from headroom_wrap.kompress.static import Static
from headroom_wrap.kompress.worker import Worker
from headroom_wrap.types import Ask, Level, Origin

REPEATS = 100
ROUNDS = 8
ASKED = 40
_SPIN = "while True: pass"


def report() -> None:
    """Bytes, CPU, memory, deadline."""
    questions = qa.load("test")
    texts = sorted({question.passage.text for question in questions})
    book = "\n\n".join(texts)
    query = questions[0].text
    print()
    _memory()
    if encoder.available():
        _same(texts)
        _encoding(book)
    _static(book, query)
    with busy():
        _requests(texts, questions)
        if encoder.available():
            _deadline(texts)


def _memory() -> None:
    """Of the whole of it, in a process that had done nothing else."""
    code = (
        "import psutil, time; from headroom_wrap import kompress, tokens; tokens.count('a');"
        "import numpy; text = 'It is not so. ' * 300; m = psutil.Process().memory_info;"
        "before = m().rss; began = time.perf_counter();"
        "kompress.condense('One fact here. Another fact there.' * 9, 'fact', 40, 30.0);"
        "first = time.perf_counter() - began; kompress.condense(text, 'so', 400, 30.0);"
        "print(f'{(m().rss - before) / 2**20:.0f} MB extra, first use {first:.3f} s')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    print(f"memory: {done.stdout.strip()}")


def _windows(texts: list[str]) -> list[list[int]]:
    piece = Static(kompress.model_path()).wordpiece
    return [ids[: encoder.WINDOW] for ids in map(piece.ids, texts)]


def _same(texts: list[str]) -> None:
    """Hidden states over threads and order, and whole results over repeats."""
    windows = _windows(texts)[:12]
    found = set()
    for threads in (1, 2, 3, 4):
        for order in (1, -1):
            worker = Worker(kompress.model_path(), threads)
            states = worker.states(windows[::order], time.monotonic() + 600) or []
            worker.close()
            found.add(_digest(*(state.tobytes() for state in states[::order])))
    print(f"states over 1-4 threads, two orders: {len(found)} different")
    results = {
        _digest(kompress.condense(text, "what is the default?", 90, 30.0).__repr__().encode())
        for _ in range(REPEATS)
        for text in texts[:1]
    }
    print(f"results over {REPEATS} repeats: {len(results)} different")


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _encoding(book: str) -> None:
    """The least of several rounds: what else runs takes the caches, and counts as ours."""
    ids = Static(kompress.model_path()).wordpiece.ids(book)
    windows = [ids[i : i + rank.FILLED] for i in range(0, 20 * rank.FILLED, rank.FILLED)]
    for threads in (1, 2):
        model = encoder.Encoder(kompress.model_path(), threads)
        read = functools.partial(lambda model: [model.states(w) for w in windows], model)
        read()
        spent = min(_cpu(read) for _ in range(ROUNDS))
        model.close()
        each = 1e3 * spent / (len(windows) * rank.FILLED)
        print(f"model, {threads} threads: {each:.3f} CPU-ms per WordPiece token")


def _units(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in segment.units(text)]


def _static(book: str, query: str) -> None:
    size = tokens.count(book)
    kompress.condense(book, query, size // 5, 0)
    for title, run in (
        ("static scores", lambda: kompress.ranking(_units(book), query, 0)),
        ("condense, static", lambda: kompress.condense(book, query, size // 5, 0)),
        ("select, static", lambda: kompress.select(book, query, 0.2, 0)),
    ):
        print(f"{title}: {1e3 * _cpu(run) / size:.4f} CPU-ms per token ({size} tokens)")


def _cpu(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def _requests(texts: list[str], questions: list[qa.Question]) -> None:
    """What a request waits for and computes: the word vectors, and no thread and no clock."""
    for level in (Level.SAFE, Level.LEAN):
        walls, spent = [], []
        for question in questions[:ASKED]:
            text = "\n\n".join([question.passage.text, *texts[:12]])
            began, cpu = time.perf_counter(), time.thread_time()
            prose.squeeze(text, Origin(), Ask(level=level, query=question.text))
            walls.append(time.perf_counter() - began)
            spent.append(time.thread_time() - cpu)
        print(
            f"request path, {level.value}, all cores busy: median {median(walls):.3f} s, worst"
            f" {max(walls):.3f} s; CPU median {median(spent):.3f} s, worst {max(spent):.3f} s"
        )


def _deadline(texts: list[str]) -> None:
    """More than can be read in time, so that every wait ends by the clock."""
    piece = Static(kompress.model_path()).wordpiece
    worker = Worker(kompress.model_path())
    over = []
    for number in range(ASKED // 2):
        windows = [piece.ids(f"{number} {text}")[: encoder.WINDOW] for text in texts]
        until = time.monotonic() + kompress.REQUEST
        in_time = worker.states(windows, until) is not None
        over.append(0.0 if in_time else time.monotonic() - until)
    worker.close()
    print(
        f"waits for the model, {kompress.REQUEST} s allowed, all cores busy: the worst ended"
        f" {1e3 * max(over):.0f} ms late, the median {1e3 * median(over):.0f} ms"
    )


@contextmanager
def busy() -> Iterator[None]:
    """A spinning process per core."""
    count = psutil.cpu_count() or os.cpu_count() or 2
    spinning = [subprocess.Popen([sys.executable, "-c", _SPIN]) for _ in range(count)]
    try:
        yield
    finally:
        for one in spinning:
            one.kill()
            one.wait()
