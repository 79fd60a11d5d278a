"""The store: what is put down is there for everybody, and the first verdict stands."""

from __future__ import annotations

import errno
import multiprocessing
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap.errors import StoreError
from headroom_wrap.original import digest
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin
from tests.chaos import disk

HOSTILE = ["", "plain", "\ud800 lone", "nul\0nul", "é\r\n日本", "x" * 3_000_000]


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store")
    yield store
    store.close()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_an_original_comes_back_as_it_was(store, text):
    batch = Batch()
    name = batch.put_original(text, Origin("Bash", "ls"), "/work")
    store.write(batch)
    found = store.original(name[:8])
    assert found is not None
    assert (found.text, found.hash, found.origin, found.project) == (
        text,
        name,
        Origin("Bash", "ls"),
        "/work",
    )


@given(st.text(st.characters(codec=None)))
def test_a_hash_names_one_text(text):
    assert digest(text) == digest(text)
    assert digest(text) != digest(text + " ")


@pytest.mark.parametrize("prefix", ["", "12345", "zzzzzzzz", "0" * 32, "../../etc"])
def test_no_original_behind_a_made_up_hash(store, prefix):
    assert store.original(prefix) is None


def test_an_ambiguous_prefix_names_nothing(store):
    batch = Batch()
    batch.put("originals", bytes.fromhex("abcdef01" + "00" * 12), b"")
    batch.put("originals", bytes.fromhex("abcdef01" + "11" * 12), b"")
    store.write(batch)
    assert store.original("abcdef01") is None


def test_the_first_verdict_stands(store):
    for value, expected in [(b"first", {}), (b"second", {b"k": b"first"})]:
        batch = Batch()
        batch.put("verdicts", b"k", value)
        assert store.write(batch) == expected
    assert store.get("verdicts", b"k") == b"first"


def _write_many(folder, start):
    store = Store(folder)
    for i in range(start, start + 30):
        batch = Batch()
        batch.put("meta", b"%04d" % i, os.urandom(100_000))
        store.write(batch)
    store.close()


def test_processes_and_threads_write_at_once(tmp_path):
    Store(tmp_path / "store").close()
    context = multiprocessing.get_context("spawn")
    others = [
        context.Process(target=_write_many, args=(tmp_path / "store", start))
        for start in (1000, 2000)
    ]
    for process in others:
        process.start()
    store = Store(tmp_path / "store")

    def put(start):
        for i in range(start, start + 10):
            batch = Batch()
            batch.put("meta", b"%04d" % i, b"x")
            store.write(batch)

    threads = [threading.Thread(target=put, args=(start,)) for start in (3000, 4000)]
    for thread in threads:
        thread.start()
    for worker in [*threads, *others]:
        worker.join()
    assert [process.exitcode for process in others] == [0, 0]
    assert len([key for key, _ in store.scan("meta") if key.isdigit()]) == 80
    store.close()


def test_everything_is_private(store):
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    for file in store.folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_folder_that_cannot_be_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot open the store") as caught:
        Store(tmp_path / "file" / "store")
    assert "HEADROOM_HOME" in caught.value.hint


def test_a_full_store_is_one_clear_error_and_keeps_what_it_has(tmp_path, monkeypatch):
    monkeypatch.setattr("headroom_wrap.rebuild._MAP_BYTES", 1 << 18)
    store = Store(tmp_path / "store")
    small, large = Batch(), Batch()
    small.put("meta", b"small", b"kept")
    store.write(small)
    large.put("meta", b"large", os.urandom(1 << 19))
    with pytest.raises(StoreError, match="cannot write") as caught:
        store.write(large)
    assert "headroom clear" in caught.value.hint
    assert store.get("meta", b"small") == b"kept"
    store.close()


_OPENER = """
import sys
from pathlib import Path
from headroom_wrap.errors import StoreError
from headroom_wrap.store import Store

try:
    Store(Path(sys.argv[1]), readonly=sys.argv[2] == "read")
except StoreError as problem:
    print(problem, problem.hint)
"""


@pytest.mark.parametrize("before", ["nothing", "a lock that was never written out"])
@pytest.mark.parametrize("way", ["write", "read"])
def test_a_full_disk_is_one_clear_error_and_no_crash(tmp_path, need, way, before):
    try:
        with disk.small_disk(tmp_path / "disk", 1) as full:
            store = full / "data" / "store"
            store.mkdir(mode=0o700, parents=True)
            if before != "nothing":
                with (store / "lock.mdb").open("wb") as lock:
                    lock.truncate(1 << 15)
            disk.fill(full / "ballast")
            opener = [sys.executable, "-c", _OPENER, str(store), way]
            done = subprocess.run(opener, capture_output=True, text=True)
    except OSError as problem:
        need(None, f"{problem}: run as root on Linux")
        raise
    assert done.returncode == 0, done.stderr
    assert "No space left" in done.stdout
    assert "free some disk space" in done.stdout


def test_its_lock_lies_on_the_disk_as_a_whole(store):
    """A hole in it could not be filled once the disk is full."""
    found = (store.folder / "lock.mdb").stat()
    assert found.st_blocks * 512 >= found.st_size


@pytest.mark.parametrize("before", ["new", "of a process without limits"])
def test_where_memory_is_limited_it_takes_less(tmp_path, before):
    """As on machines that many share."""
    script = (
        "import resource, sys; from pathlib import Path; from headroom_wrap.store import *\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
        "store, batch = Store(Path(sys.argv[1])), Batch()\n"
        "batch.put('meta', b'two', b'2'); store.write(batch)\n"
        "print(store.get('meta', b'one'))\n"
    )
    if before != "new":
        store, batch = Store(tmp_path / "store"), Batch()
        batch.put("meta", b"one", b"1")
        store.write(batch)
        store.close()
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "store")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ("None" if before == "new" else "b'1'")
    store = Store(tmp_path / "store")
    assert store.get("meta", b"two") == b"2"
    store.close()


_READER = """
import sys
from pathlib import Path
from headroom_wrap.store import Store

reading = Store(Path(sys.argv[1])).scan("meta")
next(reading)
print(flush=True)
sys.stdin.read()
"""


def test_who_was_killed_while_reading_does_not_make_it_grow(tmp_path: Path) -> None:
    store = Store(tmp_path)
    command = [sys.executable, "-c", _READER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        reader.kill()
    subprocess.run(
        [sys.executable, "-c", _READER, str(tmp_path)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    for number in range(100):
        batch = Batch()
        batch.put("meta", b"large", bytes([number]) * 60_000)
        store.write(batch)
    assert store.size() < 1_000_000
    store.close()


def test_a_store_that_could_not_be_opened_can_be_later(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder = tmp_path / "store"
    with monkeypatch.context() as disk:
        disk.setattr(Path, "touch", full)
        with pytest.raises(StoreError, match="cannot open") as kept:
            Store(folder)
    # LMDB opens a path once per process: nothing may have stayed open, whoever keeps the error.
    Store(folder).close()
    assert kept.value.hint
