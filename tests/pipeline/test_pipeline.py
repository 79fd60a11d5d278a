"""What the pipeline promises about one conversation, turn after turn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap import ledger, marker, policy
from headroom_wrap.errors import StoreError
from headroom_wrap.pipeline import Judge, Pipeline, Situation, reread
from headroom_wrap.spill import Spill
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Level
from tests.pipeline.talk import HOST, PATH, Talk, code, forwarded, log, sent


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store")
    yield opened
    opened.close()


def pipeline(store: Store, level: Level = Level.SAFE, observe: bool = False) -> Pipeline:
    return Pipeline(store, Judge(level), Situation("s", "claude", "/p", observe))


def reasons(store: Store) -> list[str]:
    return [shown.reason for row in ledger.rows(store) for shown in row.new]


def test_a_result_is_shortened_and_its_original_kept(store):
    talk = Talk()
    name = talk.result(log(300), command="journalctl -u app")
    found = talk.send(pipeline(store))
    text = sent(found)[name]
    assert found.changed
    assert len(text) < 0.5 * len(log(300))
    [hash_] = marker.hashes(text)
    original = store.original(hash_)
    assert original is not None
    assert (original.text, original.origin.command) == (log(300), "journalctl -u app")


def test_nothing_else_in_the_body_changes(store):
    talk = Talk()
    name = talk.result(log(300), command="journalctl")
    found = talk.send(pipeline(store))
    restored = found.body.replace(
        json.dumps(sent(found)[name], ensure_ascii=False).encode(),
        json.dumps(log(300)).encode(),
    )
    assert restored == talk.body()


def test_what_was_sent_is_sent_again_after_a_restart_and_at_another_level(store):
    talk = Talk()
    talk.result(log(300), command="journalctl")
    first = forwarded(talk.send(pipeline(store)))
    talk.result(log(200, "job"), command="journalctl -b")
    again = forwarded(talk.send(pipeline(store, Level.EXACT)))
    assert again[: len(first)] == first


def test_a_lost_store_gives_the_same_bytes(store, tmp_path):
    talk = Talk()
    talk.result(log(300), command="journalctl")
    talk.result(code(80), tool="Read", file_path="a.py")
    talk.result(code(80, changed=40), tool="Read", file_path="a.py")
    first = forwarded(talk.send(pipeline(store)))
    other = Store(tmp_path / "other")
    try:
        assert forwarded(talk.send(pipeline(other))) == first
    finally:
        other.close()


def test_observing_changes_nothing_and_binds_later_wraps(store):
    talk = Talk()
    talk.result(log(300), command="journalctl")
    watched = talk.send(pipeline(store, observe=True))
    assert watched.body == talk.body()
    [row] = ledger.rows(store)
    assert row.observed
    assert row.saved > 0
    assert talk.send(pipeline(store)).body == talk.body()


def test_file_text_is_sent_as_it_is(store):
    talk = Talk()
    talk.result(code(300), tool="Read", file_path="a.py")
    talk.result(code(300).replace("compute", "other"), command="cat b.py")
    assert not talk.send(pipeline(store)).changed
    assert reasons(store) == [policy.KEPT_FILE] * 2


def test_at_lean_a_file_may_be_an_outline_and_nowhere_else(store):
    functions = (f"def part_{n}(x):\n" + "    x += 1\n" * 20 + "    return x\n" for n in range(20))
    source = "\n".join(functions)
    talk = Talk(prompt="What does part_7 do?")
    name = talk.result(source, tool="Read", file_path="a.py")
    text = sent(talk.send(pipeline(store, Level.LEAN)))[name]
    assert len(text) < 0.5 * len(source)
    assert all(f"def part_{n}(x)" in text for n in range(20))
    other = Talk(prompt="And what about part_8?")
    kept = other.result(source, tool="Read", file_path="a.py")
    assert sent(other.send(pipeline(store)))[kept] == source


def test_a_file_read_again_is_counted_against_the_first_read(store):
    talk = Talk()
    first = talk.result(code(80), tool="Read", file_path="a.py")
    second = talk.result(code(80, changed=40), tool="Read", file_path="a.py")
    texts = sent(talk.send(pipeline(store)))
    assert texts[first] == code(80)
    assert code(80, changed=40).split("\n")[39] in texts[second]
    assert "[… lines 1-37 as read above, unchanged]" in texts[second]


def test_a_second_read_is_whole_when_the_first_has_left_the_context(store):
    talk = Talk()
    talk.result(code(80), tool="Read", file_path="a.py")
    second = talk.result(code(80, changed=40), tool="Read", file_path="a.py")
    assert sent(talk.send(pipeline(store)))[second] != code(80, changed=40)
    del talk.messages[1:3]
    assert sent(talk.send(pipeline(store)))[second] == code(80, changed=40)


@pytest.mark.parametrize("table", ["verdicts", "meta"])
def test_what_was_sent_stays_when_nobody_can_read_the_rows(store, table):
    talk = Talk()
    talk.result(log(120), command="journalctl")
    first = talk.send(pipeline(store))
    for key, _ in list(store.scan(table)):
        store.delete(table, [key])
        batch = Batch()
        batch.put(table, key, b"\xc1")
        store.write(batch)
    assert talk.send(pipeline(store)).body == first.body
    assert talk.send(pipeline(store)).body == first.body


def test_ids_that_are_counted_in_every_conversation_name_no_result(store):
    def told(prompt: str) -> str:
        talk = Talk(prompt=prompt)
        name = talk.result(log(120), command="journalctl")
        talk.messages = json.loads(json.dumps(talk.messages).replace(name, "functions.Bash:0"))
        return sent(talk.send(pipeline(store)))["functions.Bash:0"]

    assert "request 57 " not in told("Look around.")
    assert "request 57 " in told("What about request 57 ?")


def test_no_more_than_the_newest_reads_are_looked_at(store):
    talk = Talk()
    talk.result(code(80), tool="Read", file_path="a.py")
    for number in range(reread.NEWEST):
        talk.result(code(80).replace("scale", f"s{number}"), tool="Read", file_path="a.py")
    late = talk.result(code(80), tool="Read", file_path="a.py")
    newest = code(80).replace("scale", f"s{number}")
    again = talk.result(newest, tool="Read", file_path="a.py")
    texts = sent(talk.send(pipeline(store)))
    assert texts[late] == code(80)
    assert texts[again].startswith("[… lines 1-80 as read above, unchanged]")


def test_no_second_read_leans_on_what_the_provider_may_clear(store):
    talk = Talk()
    talk.result(code(80), tool="Read", file_path="a.py")
    talk.result(code(80, changed=40), tool="Read", file_path="a.py")
    clears = b'{"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]}, '
    found = pipeline(store).shorten(HOST, PATH, clears + talk.body()[1:])
    assert not found.changed


def test_an_error_loses_nothing(store):
    talk = Talk()
    name = talk.result(log(300), command="./deploy", failed=True)
    text = sent(talk.send(pipeline(store)))[name]
    assert "folded" not in text


def test_what_is_asked_for_again_is_sent_whole_and_its_like_is_folded_less(store):
    talk = Talk()
    talk.result(log(300), command="journalctl")
    talk.send(pipeline(store))
    again = talk.result(log(300), command="journalctl")
    other = talk.result(log(400, "task"), command="journalctl -u task")
    texts = sent(talk.send(pipeline(store)))
    assert texts[again] == log(300)
    assert "folded" not in texts[other]
    assert policy.KEPT_REPEATED in reasons(store)


def test_an_edit_made_again_asks_for_nothing(store):
    talk = Talk()
    talk.result(code(80), tool="Read", file_path="a.py")
    for line in (20, 60):
        talk.result(code(80, changed=line), tool="Edit", file_path="a.py", new_string=str(line))
    texts = list(sent(talk.send(pipeline(store))).values())
    assert all("as read above, unchanged]" in text for text in texts[1:])
    assert policy.KEPT_REPEATED not in reasons(store)


def test_a_fetched_original_is_sent_whole_and_its_like_is_folded_less(store, tmp_path):
    spill = Spill(tmp_path / "run", "/p")
    one = Pipeline(store, Judge(Level.SAFE, spill), Situation("s", "claude", "/p"))
    talk = Talk()
    name = talk.result(log(300), command="journalctl")
    [hash_] = marker.hashes(sent(talk.send(one))[name])
    assert Path(spill.path(hash_)).read_text() == log(300)
    fetched = talk.result(log(300), command=f"cat {spill.path(hash_)}")
    other = talk.result(log(400, "task"), command="journalctl -u task")
    texts = sent(talk.send(one))
    assert texts[fetched] == log(300)
    assert "folded" not in texts[other]
    spill.close()


def test_a_store_that_cannot_be_written_leaves_new_results_alone(store, monkeypatch):
    talk = Talk()
    talk.result(log(300), command="journalctl")

    def full(batch: object) -> None:
        raise StoreError("no space left")

    monkeypatch.setattr(store, "write", full)
    found = pipeline(store).shorten(HOST, PATH, talk.body())
    assert found.body == talk.body()
    pipeline(store).settle(found.record, None, "", 200)


def test_a_changed_prefix_is_counted_and_an_unchanged_one_is_not(store):
    talk = Talk()
    talk.result(log(300), command="journalctl")
    talk.send(pipeline(store))
    talk.send(pipeline(store))
    store.delete("verdicts", [key for key, _ in store.scan("verdicts")])
    talk.send(pipeline(store, Level.EXACT))
    assert [row.broken for row in ledger.rows(store)] == [0, 0, 1]


def test_imitated_markers_are_data(store):
    talk = Talk()
    text = "\n".join([log(300), "[headroom deadbeef: 9 of 9 lines folded]"])
    name = talk.result(text, command="journalctl")
    shortened = sent(talk.send(pipeline(store)))[name]
    assert store.original("deadbeef") is None
    assert shortened.count("[headroom") >= 1
    assert store.original(marker.hashes(shortened)[-1]) is not None


TEXTS = st.sampled_from(
    [log(120), log(90, "job"), code(60), code(60, 30), "short", "\udc80 \0" * 400, "[" * 3000]
)
CALLS = st.sampled_from(
    [
        ("Bash", "command", "journalctl"),
        ("Bash", "command", "cat a.py"),
        ("Read", "file_path", "a.py"),
    ]
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(TEXTS, CALLS, st.booleans()), min_size=1, max_size=8), st.data())
def test_the_prefix_never_changes(tmp_path_factory, steps, data):
    store = Store(tmp_path_factory.mktemp("store"))
    try:
        one, other = pipeline(store), pipeline(store)
        talk, before = Talk(), []
        for text, (tool, key, value), failed in steps:
            talk.result(text, tool=tool, failed=failed, **{key: value})
            which = one if data.draw(st.booleans()) else other
            now = forwarded(talk.send(which))
            assert now[: len(before)] == before
            before = now
        assert all(row.broken == 0 for row in ledger.rows(store))
    finally:
        store.close()


def test_a_session_that_costs_more_than_it_saves_is_left_alone(store):
    talk, one = Talk(), pipeline(store)
    first = talk.result(log(300), command="journalctl")
    before = sent(talk.send(one, 1000))[first]
    # Each is sent whole, at the price of new text.
    for _ in range(9):
        talk.result(log(300), command="journalctl")
        talk.send(one, 1000)
    other = talk.result("\n".join(f"ok {n} of all" for n in range(900)), command="make check")
    texts = sent(talk.send(one, 1000))
    assert texts[first] == before
    assert texts[other].startswith("ok 0 of all\nok 1 of all\nok 2 of all")
    assert reasons(store)[-1] == policy.KEPT_DEAR
    assert [row.broken for row in ledger.rows(store)] == [0] * 11
