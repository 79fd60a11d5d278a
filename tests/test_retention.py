"""What is kept, and for how long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from headroom_wrap import cli, prefix, retention, spill
from headroom_wrap.spill import Spill
from headroom_wrap.store import Batch, Store, touched
from headroom_wrap.types import Origin

DAY = 86400.0


@pytest.fixture
def store(tmp_path: Path):
    opened = Store(tmp_path / "home/data/store")
    yield opened
    opened.close()


def put(store: Store, text: str, used: float, project: str = "/p") -> str:
    batch = Batch()
    name = batch.put_original(text, Origin(), project)
    batch.put("uses", bytes.fromhex(name), int(used).to_bytes(8, "big"))
    store.write(batch)
    return name


def test_what_was_not_used_for_long_goes(store):
    now = time.time()
    old, young = put(store, "old", now - 40 * DAY), put(store, "young", now - 20 * DAY)
    assert retention.prune(store, now - 30 * DAY, {}) == 1
    assert store.original(old) is None
    assert store.original(young) is not None


def test_a_use_makes_it_young_again(store):
    now = time.time()
    old = put(store, "old", now - 40 * DAY)
    store.write(touched([old]))
    assert retention.prune(store, now - 30 * DAY, {}) == 0


def test_too_much_goes_oldest_first(store):
    now = time.time()
    names = [put(store, f"{n}" * 50, now - n) for n in range(9)]
    size = len(store.get("originals", bytes.fromhex(names[0])) or b"")
    assert retention.prune(store, 0, {}, largest=3 * size + 1) == 6
    assert [store.original(name) is not None for name in names] == [True] * 3 + [False] * 6


def test_what_a_live_session_names_stays(store, tmp_path):
    live = Spill(tmp_path / "run", "/p")
    mine = put(store, "mine", time.time() + 1)
    other = put(store, "other", time.time() + 1, "/q")
    since = spill.live_since(tmp_path / "run")
    assert retention.prune(store, time.time() + DAY, since) == 1
    assert store.original(mine) is not None
    assert store.original(other) is None
    live.close()
    assert spill.live_since(tmp_path / "run") == {}


def test_proofs_go_when_nobody_has_used_them(store):
    now = time.time()
    batch = Batch()
    batch.update("prefixes", prefix.rows({b"a" * 16: b"x" * 16}, {}, now - 40 * DAY))
    batch.update("prefixes", prefix.rows({b"b" * 16: b"x" * 16}, {}, now))
    store.write(batch)
    retention.prune(store, now - 30 * DAY, {})
    assert [key for key, _ in store.scan("prefixes")] == [b"b" * 16]


def test_once_a_day(store):
    now = time.time()
    put(store, "old", now - 40 * DAY)
    assert retention.daily(store, now, {}) == 1
    put(store, "old", now - 40 * DAY)
    assert retention.daily(store, now + 3600, {}) == 0
    assert retention.daily(store, now + DAY, {}) == 1


def test_clear_all(store, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    put(store, "text", time.time())
    store.close()
    assert cli.run(["clear", "--older", "7d"]) == 0
    assert cli.run(["clear", "--all"]) == 0
    assert capsys.readouterr().out == "0 originals removed\n1 originals removed\n"


def test_an_age_that_is_none(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    assert cli.run(["clear", "--older", "soon"]) == 2
    assert "write 7d, 12h or 30m" in capsys.readouterr().err
