"""The model in its thread: the same bytes always, never past its deadline."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from headroom_wrap import kompress
from headroom_wrap.errors import HeadroomError
from headroom_wrap.kompress.encoder import WINDOW, Encoder
from headroom_wrap.kompress.static import Static
from headroom_wrap.kompress.weights import Weights
from headroom_wrap.kompress.worker import Worker
from tests.kompress.texts import LIMIT, MANUAL

SENTENCES = [s for s in MANUAL.replace("\n", " ").split(". ") if len(s) > 20]


@pytest.fixture(scope="module")
def static() -> Static:
    return Static(kompress.model_path())


def soon(seconds: float = 60.0) -> float:
    return time.monotonic() + seconds


@pytest.mark.usefixtures("llama")
def test_same_bytes_over_threads_and_order(static: Static) -> None:
    windows = [static.wordpiece.ids(s)[:WINDOW] for s in SENTENCES]
    found = set()
    for threads in (1, 2, 3, 4):
        for step in (1, -1):
            worker = Worker(kompress.model_path(), threads)
            states = worker.states(windows[::step], soon())
            worker.close()
            assert states is not None
            found.add(b"".join(s.tobytes() for s in states[::step]))
    assert len(found) == 1


@pytest.mark.usefixtures("llama")
def test_own_tokens_are_those_of_llama_cpp(static: Static) -> None:
    encoder = Encoder(kompress.model_path())
    for text in [*SENTENCES, "naïve café, 1.5e-3 (x_y) don't — “so”", "a" * 90]:
        assert static.wordpiece.ids(text) == encoder.ids(text)
    encoder.close()


@pytest.mark.usefixtures("llama")
def test_the_model_finds_what_no_word_points_at() -> None:
    found = kompress.ranking(SENTENCES, "who painted the emblem", 30.0)
    assert found.mode == "model"
    assert not found.vague
    assert "logo was drawn" in SENTENCES[int(np.argmax(found.scores))]


@pytest.mark.usefixtures("llama")
@pytest.mark.parametrize("query", ["fix it please", "continue", "help me", "is this right?"])
def test_vague_requests_are_known_to_be(query: str) -> None:
    assert kompress.ranking(SENTENCES, query, 30.0).vague


@pytest.mark.usefixtures("llama")
def test_results_are_the_same_from_many_threads() -> None:
    found: list[str] = []

    def ask() -> None:
        selection = kompress.condense(MANUAL, LIMIT, 120, 60.0)
        found.append(selection.text if selection else "")

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert "8192" in found[0]


_FORKING = """
import os
from headroom_wrap import kompress
from tests.kompress.test_worker import SENTENCES

def mode():
    return kompress.ranking(SENTENCES, "who painted the emblem", 20.0).mode

assert mode() == "model"
if os.fork() == 0:
    os._exit(mode() != "model")
assert os.wait()[1] == 0
"""


@pytest.mark.usefixtures("llama")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_has_a_thread_of_its_own() -> None:
    command = [sys.executable, "-W", "ignore", "-c", _FORKING]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.usefixtures("llama")
def test_no_time_left_is_answered_at_once(static: Static) -> None:
    worker = Worker(kompress.model_path())
    assert worker.states([static.wordpiece.ids(MANUAL)], time.monotonic() - 1) is None
    assert worker.states([static.wordpiece.ids("so it goes on")], soon()) is not None
    worker.close()


@pytest.mark.usefixtures("llama")
def test_a_broken_file_is_said_once_and_left(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(kompress.model_path().read_bytes()[:2_000_000])
    worker = Worker(broken)
    assert worker.states([[101, 102]], soon()) is None
    assert worker.states([[101, 102]], soon()) is None
    worker.close()


def test_an_unforeseen_failure_is_told_once_and_nobody_waits_for_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("headroom_wrap.kompress.worker.Encoder", fail)
    worker = Worker(tmp_path / "any.gguf")
    with pytest.raises(ZeroDivisionError):
        worker.states([[101, 102]], soon(5))
    assert worker.states([[101, 102]], soon(5)) is None
    worker.close()


def test_without_llama_cpp_word_vectors_choose() -> None:
    found = kompress.ranking(SENTENCES, LIMIT, 0)
    assert found.mode == "static"
    assert "8192" in SENTENCES[int(np.argmax(found.scores))]


@pytest.mark.parametrize("size", [0, 3, 20, 5_000, 640_000])
def test_truncated_files_are_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(kompress.model_path().read_bytes()[:size])
    with pytest.raises(HeadroomError, match="cannot read the model file"):
        Weights(path)


def test_vectors_do_not_depend_on_their_neighbours(static: Static) -> None:
    rows = [static.wordpiece.ids(s) for s in SENTENCES] * 60
    together = static.vectors(rows)
    alone = np.concatenate([static.vectors([row]) for row in rows[: len(SENTENCES)]])
    assert np.array_equal(together[: len(SENTENCES)], alone)
    assert not static.vectors([[]]).any()
