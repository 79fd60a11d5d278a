"""A provider that takes a conversation only as it came: asked once more, and left alone then."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from headroom_wrap.pipeline.refusals import Refusals
from headroom_wrap.store import ephemeral
from tests.gateway.ask import post
from tests.gateway.running import Gateway, gateway
from tests.proxy_faults.bodies import conversation, shortenable
from tests.proxy_faults.conftest import Ask, Bench

# What a shortened body has and an original has not.
REFUSED = {"x-fault": "refuses=[headroom"}
PROMPT = "[[S: text a | text b | text c]]"


def turn(prompt: str, results: int = 1) -> bytes:
    return conversation(*[shortenable()] * results, prompt=f"{prompt} {PROMPT}", stream=True)


def arrived(bench: Bench) -> list[bytes]:
    return [s.body for s in bench.seen if s.model_call or s.facts["status"] == 400]


def test_only_the_refused_conversation_is_left_alone(bench: Bench) -> None:
    one, more, other = turn("one"), turn("one", 2), turn("other")
    done = bench.send(Ask(one, headers=REFUSED), Ask(more, headers=REFUSED), Ask(other))
    assert [answer.status for answer in done.answers] == [200, 200, 200]
    bodies = arrived(bench)
    assert bodies[1:3] == [one, more]
    assert len(bodies) == 4
    assert len(bodies[0]) < 0.8 * len(one)
    assert len(bodies[3]) < 0.8 * len(other)


def test_it_is_left_alone_when_it_is_resumed(bench: Bench) -> None:
    one, more = turn("one"), turn("one", 2)
    bench.send(Ask(one, headers=REFUSED))
    done = bench.send(Ask(more, headers=REFUSED), name="resumed")
    assert [answer.status for answer in done.answers] == [200]
    assert arrived(bench)[1:] == [one, more]


def test_an_endpoint_that_refuses_all_is_left_alone(bench: Bench) -> None:
    turns = [turn(str(at)) for at in range(5)]
    done = bench.send(*[Ask(each, headers=REFUSED) for each in turns])
    assert [answer.status for answer in done.answers] == [200] * 5
    assert arrived(bench)[-3:] == turns[2:]
    assert len(arrived(bench)) == 3 + 5


def test_refusals_do_not_add_up_where_shortened_bodies_are_taken(bench: Bench) -> None:
    turns = [turn(str(at)) for at in range(6)]
    asks = [Ask(each, headers=REFUSED if at % 2 else {}) for at, each in enumerate(turns)]
    done = bench.send(*asks, Ask(turn("last")))
    assert [answer.status for answer in done.answers] == [200] * 7
    assert len(arrived(bench)[-1]) < 0.8 * len(turns[-1])


def test_a_request_without_messages_speaks_for_its_endpoint() -> None:
    store = ephemeral()
    refusals = Refusals(store)
    refusals.note("host/one", b"")
    assert refusals.all("host/one")
    assert not refusals.all("host/two")
    assert not refusals.stands(b"")
    store.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(tmp_path_factory.mktemp("refusing"), "--retrieve", "inject") as found:
        yield found


def test_a_gateway_leaves_it_alone_too(running: Gateway) -> None:
    one = json.loads(turn("one"))
    for turns in range(2):
        before = len(running.seen())
        assert post(f"{running.url}/v1/messages", one, REFUSED).status == 200
        bodies = [seen.body for seen in running.seen()[before:]]
        assert len(bodies) == 2 - turns
        assert json.loads(bodies[-1]) == one
