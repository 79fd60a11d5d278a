"""A store of an older version opens, its originals are there, and its conversations go on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from headroom_wrap import ledger, marker, report, store, wire
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import sums
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Level
from tests.pipeline.talk import HOST, PATH, Talk, log, sent

DATA = Path(__file__).parent / "data"
REQUEST: dict[str, str] = json.loads((DATA / "request.json").read_text())
BODY = REQUEST["body"].encode()


@pytest.fixture
def old(tmp_path: Path) -> Any:
    folder = tmp_path / "store"
    folder.mkdir()
    shutil.copy(DATA / "store.mdb", folder / "data.mdb")
    opened = Store(folder)
    yield opened
    opened.close()


def _pipeline(opened: Store, level: Level = Level.SAFE) -> Pipeline:
    return Pipeline(opened, Judge(level), Situation("new", "claude", "/work"))


def test_a_conversation_goes_on_with_the_bytes_it_began_with(old: Store) -> None:
    for level in Level:
        assert _pipeline(old, level).shorten(HOST, PATH, BODY).body == REQUEST["sent"].encode()
    grown = json.loads(BODY)
    use = {"type": "tool_use", "id": "toolu_of_the_new_version", "name": "Bash", "input": {}}
    back = {"type": "tool_result", "tool_use_id": use["id"], "content": log(200, "new")}
    grown["messages"] += [
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [back]},
    ]
    found = _pipeline(old).shorten(HOST, PATH, json.dumps(grown).encode())
    before, after = (json.loads(text)["messages"] for text in (REQUEST["sent"], found.body))
    assert after[: len(before)] == before
    assert found.record is not None
    assert found.record.row.broken == 0
    assert len(after[-1]["content"][0]["content"]) < len(log(200, "new"))


def test_its_originals_are_there(old: Store) -> None:
    was = wire.read(HOST, PATH, BODY)
    now = wire.read(HOST, PATH, REQUEST["sent"].encode())
    assert was is not None
    assert now is not None
    pairs = [
        (a.text, b.text)
        for a, b in zip(was[1].blocks, now[1].blocks, strict=True)
        if a.text != b.text
    ]
    assert len(pairs) >= 6
    for text, shorter in pairs:
        found = old.original(marker.hashes(shorter)[-1])
        assert found is not None
        assert found.text == text


def test_its_ledger_adds_up(old: Store) -> None:
    rows = list(ledger.rows(old))
    assert len(rows) == old.rows_in("ledger") == 8
    total = report.total(rows)
    sums.rebuild(old)
    assert sums.ever(old, "all")[""].tokens_saved == total.tokens_saved > 0


def test_a_verdict_of_another_policy_is_replayed(tmp_path: Path) -> None:
    talk = Talk()
    name = talk.result(log(120), command="journalctl")
    read = wire.read(HOST, PATH, talk.body())
    assert read is not None
    block = read[1].blocks[0]
    text = "as an older policy had it\n[headroom 9f3a1c2b]"
    for policy, level in ((0, "safe"), (verdicts.POLICY + 7, "of-the-future")):
        opened = Store(tmp_path / str(policy))
        batch = Batch()
        hashed = batch.put_original(block.text, block.origin)
        stored = Verdict(
            hashed, "shortened", "retired", 900, 9, verdicts.pack(text), level=level, policy=policy
        )
        batch.put("verdicts", verdicts.key(block, hashed), verdicts.encode(stored))
        opened.write(batch)
        for level_now in Level:
            found = Pipeline(opened, Judge(level_now), Situation()).shorten(HOST, PATH, talk.body())
            assert sent(found)[name] == text
        opened.close()


def test_a_store_of_a_newer_version_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "FORMAT", store.FORMAT + 1)
        Store(tmp_path).close()
    before = (tmp_path / "data.mdb").read_bytes()
    for readonly in (False, True):
        with pytest.raises(StoreError, match="newer headroom") as caught:
            Store(tmp_path, readonly=readonly)
        assert "upgrade" in caught.value.hint
    assert (tmp_path / "data.mdb").read_bytes() == before
    assert not (tmp_path / "damaged.mdb").exists()


def test_a_store_that_was_emptied_is_of_this_format_again(tmp_path: Path) -> None:
    opened = Store(tmp_path)
    opened.empty()
    opened.close()
    Store(tmp_path).close()
