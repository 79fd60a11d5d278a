"""The agent gets the provider's own errors; a provider that is gone is one clear error."""

from __future__ import annotations

import json
import socket

import pytest

from tests.proxy_faults.bodies import LONG, SOUND
from tests.proxy_faults.conftest import Ask, Bench

_SOON = 15.0


@pytest.mark.parametrize("status", [400, 429, 500, 529])
def test_refusals_pass_through(bench: Bench, status: int) -> None:
    done = bench.send(Ask(SOUND, headers={"x-fault": f"status={status}"}))
    [answer] = done.answers
    assert answer.status == status
    assert answer.headers["retry-after"] == "1"
    assert f"as asked: {status}".encode() in answer.body


def test_a_reset_in_mid_stream_is_passed_on_at_once(bench: Bench) -> None:
    done = bench.send(Ask(LONG, headers={"x-fault": "cut=3"}), Ask(SOUND))
    broken, sound = done.answers
    assert broken.error or broken.status >= 500
    assert b"message_stop" not in broken.body
    assert broken.seconds < _SOON
    assert sound.status == 200


def test_an_upstream_that_is_down(bench: Bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = bench.send(Ask(SOUND), Ask(LONG), upstream=taken.getsockname()[1])
    for answer in done.answers:
        assert answer.seconds < _SOON
        # An agent prints the words of such an error, and a page in HTML as it is.
        assert (answer.status, answer.headers["content-type"]) == (502, "application/json")
        error = json.loads(answer.body)["error"]
        assert error["message"].startswith("headroom: cannot reach the model: ")
    assert "(2 refused or not answered)" in done.err


def test_an_agent_that_hangs_up(bench: Bench) -> None:
    gone = Ask(LONG, headers={"x-fault": "pause=0.05"}, leave=True)
    done = bench.send(*[gone] * 3, Ask(SOUND))
    assert done.code == 0, done.err
    assert done.answers[-1].status == 200
    assert "Traceback" not in done.err
