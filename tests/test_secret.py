"""Encrypted and unkept originals: no canary is found where it must not be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_wrap import secret
from headroom_wrap.errors import ConfigError, StoreError
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.store import Store, ephemeral
from headroom_wrap.types import Level
from tests.pipeline.talk import Talk, log, sent

CANARY = "hunter2-canary-7f3a"
KEY = {"HEADROOM_KEY": "correct horse"}


def talk() -> Talk:
    found = Talk()
    found.result(log(300) + f"\npassword is {CANARY}", command="journalctl")
    return found


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_encrypted_store_gives_everything_back_and_shows_nothing(tmp_path):
    store = Store(tmp_path / "s", cipher=secret.cipher(False, KEY))
    one = Pipeline(store, Judge(), Situation("s", "claude", "/p"))
    first = talk().send(one)
    again = talk().send(Pipeline(store, Judge(), Situation("s", "claude", "/p")))
    assert first.changed
    assert first.body == again.body
    [key] = [key for key, _ in store.scan("originals")]
    original = store.original(key.hex())
    assert original is not None
    assert CANARY in original.text
    store.close()
    assert CANARY.encode() not in on_disk(tmp_path)
    assert b"journalctl" in on_disk(tmp_path), "commands in the ledger are no secret of tools"


def test_without_its_key_it_says_so(tmp_path):
    store = Store(tmp_path / "s", cipher=secret.cipher(False, KEY))
    talk().send(Pipeline(store, Judge(), Situation()))
    store.close()
    bare = Store(tmp_path / "s")
    with pytest.raises(StoreError, match="encrypted"):
        list(bare.scan("originals"))
    # Nothing is guessed: the request goes as it is.
    assert not talk().send(Pipeline(bare, Judge(), Situation())).changed
    bare.close()
    other = Store(tmp_path / "s", cipher=secret.cipher(False, {"HEADROOM_KEY": "wrong"}))
    with pytest.raises(StoreError, match="another key"):
        list(other.scan("originals"))
    other.close()


def test_rows_from_before_the_key_stay_readable(tmp_path):
    store = Store(tmp_path / "s")
    before = talk().send(Pipeline(store, Judge(), Situation())).body
    store.close()
    keyed = Store(tmp_path / "s", cipher=secret.cipher(False, KEY))
    assert talk().send(Pipeline(keyed, Judge(), Situation())).body == before
    keyed.close()


def test_without_a_keyring_the_next_step_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    with pytest.raises(ConfigError, match="keyring") as caught:
        secret.cipher(True, {})
    assert "HEADROOM_KEY" in caught.value.hint


def test_a_store_without_a_name_leaves_nothing(tmp_path, monkeypatch):
    store = ephemeral()
    assert not store.folder.exists()
    talked = Talk()
    rows = json.dumps([{"id": n, "state": "ready"} for n in range(300)])
    name = talked.result(rows, command="list --json")
    judge = Judge(Level.EXACT, markers=False)
    text = sent(talked.send(Pipeline(store, judge, Situation())))[name]
    assert len(text) < 0.6 * len(rows)
    assert "headroom" not in text
    store.close()
