"""Less effort on turns that only go on after results, where nothing cached depends on it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom_wrap import ledger
from headroom_wrap.types import Shaping
from tests.shaper.talks import PLACES, STEER, Talk, pipeline

HOSTS = tuple(host for host, _ in PLACES.values())
ON = Shaping(steer=True, effort=True, effort_hosts=HOSTS)
STATED = {
    "anthropic": lambda effort: {"output_config": {"effort": effort}, "thinking": {"type": "x"}},
    "openai_responses": lambda effort: {"reasoning": {"effort": effort, "summary": "auto"}},
    "openai_chat": lambda effort: {"reasoning_effort": effort},
}
each_wire = pytest.mark.parametrize("wire", STATED)


def effort(wire: str, body: bytes) -> Any:
    """The effort in a body."""
    found = json.loads(body)
    inner = {"anthropic": "output_config", "openai_responses": "reasoning"}.get(wire)
    return found[inner]["effort"] if inner else found["reasoning_effort"]


@each_wire
@pytest.mark.parametrize(
    ("stated", "sent"),
    [
        ("max", "high"),
        ("xhigh", "high"),
        ("high", "medium"),
        ("medium", "low"),
        ("low", "low"),
        ("minimal", "minimal"),
        ("none", "none"),
        ("turbo", "turbo"),
    ],
)
def test_a_stated_effort_goes_one_step_down_and_never_off(store, wire, stated, sent):
    ours, talk = pipeline(store, ON), Talk(wire, more=STATED[wire](stated))
    assert effort(wire, talk.send(ours).body) == stated
    talk.result("a.py\nb.py")
    assert effort(wire, talk.send(ours).body) == sent
    noted = [row.effort for row in ledger.rows(store)]
    assert noted == ["", f"{stated}→{sent}" if sent != stated else ""]


@each_wire
@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("a.py", "No, the other one."),
        ("AssertionError: 1 != 2", ""),
        ("bash: foo: command not found", ""),
        ("2 failed, 3 passed", ""),
    ],
)
def test_new_words_and_failures_keep_theirs(store, wire, result, words):
    ours, talk = pipeline(store, ON), Talk(wire, more=STATED[wire]("high"))
    talk.send(ours)
    talk.result(result)
    if words:
        talk.ask(words)
    assert effort(wire, talk.send(ours).body) == "high"


@pytest.mark.parametrize("wire", ["anthropic", "openai_responses"])
def test_what_is_flagged_as_a_failure_keeps_it(store, wire):
    ours, talk = pipeline(store, ON), Talk(wire, more=STATED[wire]("high"))
    talk.send(ours)
    talk.result("a.py", failed=True)
    assert effort(wire, talk.send(ours).body) == "high"


@each_wire
def test_a_reminder_of_the_clients_own_is_no_new_word(store, wire):
    ours, talk = pipeline(store, ON), Talk(wire, more=STATED[wire]("high"))
    talk.send(ours)
    talk.result("a.py")
    talk.ask("<system-reminder>\nBe careful.\n</system-reminder>")
    assert effort(wire, talk.send(ours).body) == "medium"


@each_wire
def test_where_none_is_stated_none_is_put_in(store, wire):
    ours, talk = pipeline(store, ON), Talk(wire)
    talk.send(ours)
    talk.result("a.py")
    assert b"effort" not in talk.send(ours).body


@each_wire
def test_it_is_asked_for_apart(store, wire):
    ours, talk = pipeline(store, STEER), Talk(wire, more=STATED[wire]("high"))
    talk.send(ours)
    talk.result("a.py")
    assert effort(wire, talk.send(ours).body) == "high"


@pytest.mark.parametrize(
    ("wire", "marked", "sent"),
    [
        ("anthropic", True, "high"),
        ("anthropic", False, "medium"),
        ("openai_responses", False, "high"),
        ("openai_chat", False, "high"),
    ],
)
def test_what_the_provider_caches_by_effort_is_left_alone(store, wire, marked, sent):
    ours = pipeline(store, Shaping(steer=True, effort=True))
    talk = Talk(wire, more=STATED[wire]("high"))

    def body() -> bytes:
        whole = json.loads(talk.body())
        if not marked:
            for block in whole.get("system", ()):
                del block["cache_control"]
        return json.dumps(whole).encode()

    ours.shorten(*PLACES[wire], body())
    talk.result("a.py")
    assert effort(wire, ours.shorten(*PLACES[wire], body()).body) == sent


def test_those_held_out_keep_their_effort(store):
    ours = pipeline(store, Shaping(True, True, 0.999999, HOSTS))
    talk = Talk("openai_chat", more=STATED["openai_chat"]("high"))
    talk.send(ours)
    talk.result("a.py")
    assert talk.send(ours).body == talk.body()
