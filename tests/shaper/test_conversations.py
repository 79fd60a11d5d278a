"""A conversation has the sentence from its first request on, or never; whatever comes between."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from headroom_wrap import ledger
from headroom_wrap.pipeline import Shortened
from headroom_wrap.types import Shaping
from tests.shaper.talks import PLACES, STEER, Talk, pipeline, steered

each_wire = pytest.mark.parametrize("wire", PLACES)
SESSION = "00000000-0000-4000-8000-000000000001"
HELD = Shaping(steer=True, holdout=0.999999)


@each_wire
def test_every_request_has_it_once_in_the_same_place(store, wire):
    talk, ours = Talk(wire), pipeline(store, STEER)
    before = talk.send(ours)
    assert steered(before) == 1
    for turn in range(10):
        talk.result(f"file {turn}")
        after = talk.send(ours)
        assert steered(after) == 1
        assert _begins_with(after, before)
        before = after
    assert [row.broken for row in ledger.rows(store)] == [0] * 11


@each_wire
def test_who_began_without_stays_without(store, wire):
    talk = Talk(wire, session=SESSION)
    talk.send(pipeline(store))
    talk.result("a.py")
    for shaping in (STEER, None, STEER):
        assert talk.send(pipeline(store, shaping)).body == talk.body()
        talk.result("b.py")


@pytest.mark.parametrize("wire", [wire for wire in PLACES if wire != "gemini"])
def test_helpers_and_what_comes_after_a_compaction_stay_on_the_side_of_their_session(store, wire):
    talk = Talk(wire, session=SESSION)
    talk.send(pipeline(store))
    talk.result("a.py")
    talk.send(pipeline(store, STEER))
    assert not steered(Talk(wire, "Help.", session=SESSION).send(pipeline(store, STEER)))
    other = SESSION[:-1] + "2"
    Talk(wire, session=other).send(pipeline(store, STEER))
    compacted = Talk(wire, "This session goes on from an earlier one.", session=other)
    assert steered(compacted.send(pipeline(store, HELD))) == 1


@each_wire
def test_who_began_with_it_keeps_it_when_it_is_off_and_in_a_fork(store, wire):
    talk = Talk(wire)
    talk.send(pipeline(store, STEER))
    talk.result("a.py")
    talk.send(pipeline(store, STEER))
    for number in range(3):
        fork = replace(talk, said=[*talk.said], calls=10 * number)
        fork.result(f"fork {number}")
        assert steered(fork.send(pipeline(store))) == 1
        fork.ask("And now?")
        fork.model = "another"
        assert steered(fork.send(pipeline(store))) == 1


@each_wire
@pytest.mark.parametrize("who", ["a", "b"])
def test_off_is_not_there_even_where_the_same_question_was_steered_before(store, wire, who):
    first = Talk(wire)
    first.send(pipeline(store, STEER))
    first.result("a.py")
    first.send(pipeline(store, STEER))
    # With "a" the model even answers the same, call ids and all.
    second, off = Talk(wire, who=who), pipeline(store)
    for turn in range(3):
        assert second.send(off).body == second.body()
        second.result(f"other {turn}")
    if who == "b":
        first.result("b.py")
        assert steered(first.send(off)) == 1
        assert sum(row.broken for row in ledger.rows(store)) == 0


def test_the_same_question_is_steered_although_it_was_asked_without(store):
    Talk("anthropic").send(pipeline(store))
    assert steered(Talk("anthropic").send(pipeline(store, STEER))) == 1


@each_wire
def test_side_questions_without_tools_are_left_alone(store, wire):
    ours = pipeline(store, STEER)
    main, title = Talk(wire, session=SESSION), Talk(wire, session=SESSION, tools=False)
    assert title.send(ours).body == title.body()
    assert steered(main.send(ours)) == 1
    main.result("a.py")
    # One that goes on where the conversation stands has its prefix.
    aside = replace(main, tools=False)
    assert [steered(main.send(ours)), steered(aside.send(ours))] == [1, 1]


def test_tools_may_come_as_the_first_message(store):
    talk, ours = Talk("openai_responses", tools=False), pipeline(store, STEER)
    talk.said.insert(0, {"type": "additional_tools", "role": "developer", "tools": [{}]})
    for turn in range(3):
        assert steered(talk.send(ours)) == 1
        talk.result(f"file {turn}")


def test_a_search_that_the_provider_runs_is_a_side_question(store):
    talk = Talk("anthropic", tools=False)
    talk.more = {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}
    assert talk.send(pipeline(store, STEER)).body == talk.body()


@each_wire
def test_observing_adds_nothing(store, wire):
    talk = Talk(wire)
    assert talk.send(pipeline(store, STEER, observe=True)).body == talk.body()


@each_wire
def test_those_held_out_are_forwarded_as_they_are_and_counted(store, wire):
    talk, ours = Talk(wire), pipeline(store, HELD)
    assert talk.send(ours).body == talk.body()
    talk.result("a.py")
    # Later settings change nothing.
    assert talk.send(pipeline(store, STEER)).body == talk.body()
    assert [(row.side, row.kind) for row in ledger.rows(store)] == [
        ("held out", "user"),
        ("held out", "result"),
    ]


def test_about_as_many_are_held_out_as_were_asked_for(store):
    ours = pipeline(store, Shaping(steer=True, holdout=0.25))
    sides = [steered(Talk("anthropic", f"Question {n}").send(ours)) for n in range(400)]
    assert 0.68 < sum(sides) / 400 < 0.82


def test_a_server_that_refuses_it_gets_no_more_of_it(store):
    talk, ours = Talk("openai_chat"), pipeline(store, STEER)
    found = talk.send(ours)
    assert found.record is not None
    assert found.record.shaped
    ours.shaper.refused("".join(PLACES["openai_chat"]))
    talk.result("a.py")
    assert talk.send(ours).body == talk.body()
    assert steered(Talk("anthropic").send(ours)) == 1


def test_a_store_that_fails_adds_nothing(store, monkeypatch):
    from headroom_wrap.errors import StoreError

    def full(batch: object) -> None:
        raise StoreError("full")

    monkeypatch.setattr(store, "write", full)
    talk = Talk("anthropic")
    assert pipeline(store, STEER).shorten(*PLACES["anthropic"], talk.body()).body == talk.body()


@pytest.mark.parametrize("warmed", [True, False])
def test_on_a_websocket_it_stands_in_the_first_full_message(store, warmed):
    ours = pipeline(store, STEER)
    place = PLACES["openai_responses"]
    socket = ours.conversation()
    start = {"type": "response.create"}
    talk = Talk("openai_responses", session="t1", more=dict(start))
    if warmed:
        warm = {**start, "model": "m", "input": [], "generate": False}
        assert not socket.shorten_message(*place, json.dumps(warm).encode()).changed
        talk.more["previous_response_id"] = "resp_1"
    assert steered(socket.shorten_message(*place, talk.body())) == 1
    output = {"type": "function_call_output", "call_id": "c", "output": "a.py"}
    follow = {**start, "model": "m", "input": [output], "previous_response_id": "resp_2"}
    found = socket.shorten_message(*place, json.dumps(follow).encode())
    assert not found.changed
    assert found.record is not None
    assert (found.record.row.side, found.record.row.kind) == ("steered", "result")
    # A new socket, the whole history.
    talk.result("a.py")
    talk.more.pop("previous_response_id", None)
    assert steered(ours.conversation().shorten_message(*place, talk.body())) == 1


@pytest.mark.parametrize("key", ["previous_response_id", "conversation"])
def test_what_the_provider_holds_is_not_known_to_begin_here(store, key):
    talk = Talk("openai_responses", more={key: "r_1"})
    assert talk.send(pipeline(store, STEER)).body == talk.body()


def _begins_with(after: Shortened, before: Shortened) -> bool:
    """Whether all that the provider has read stands in front, as it stood."""
    old, new = json.loads(before.body), json.loads(after.body)
    said = next(key for key in ("messages", "input", "contents") if key in old)
    return new.pop(said)[: len(old[said])] == old.pop(said) and new == old
