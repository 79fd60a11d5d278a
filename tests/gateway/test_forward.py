"""Requests through `headroom proxy`: shorter on their way out, answers as they were given."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.fake.record import Seen
from tests.gateway.ask import get, line, post, send
from tests.gateway.running import Gateway, gateway
from tests.library import talk

CLAUDE = {"model": "claude-opus-4-8", "max_tokens": 99}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/messages": {**CLAUDE, "messages": talk.anthropic()},
    "/anthropic/v1/messages": {**CLAUDE, "messages": talk.anthropic()},
    "/v1/messages?beta=true": {**CLAUDE, "messages": talk.anthropic()},
    "/v1/chat/completions": {"model": "gpt-5.5", "messages": talk.chat()},
    "/openai/v1/chat/completions": {"model": "gpt-5.5", "messages": talk.chat()},
    "/chat/completions": {"model": "gpt-5.5", "messages": talk.chat()},
    "/v1/responses": {"model": "gpt-5.5", "input": talk.responses()},
    "/v1beta/models/gemini-3-pro:generateContent": {
        "contents": json.loads(
            json.dumps(talk.gemini())
            .replace("function_call", "functionCall")
            .replace("function_response", "functionResponse")
        )
    },
}


def _last(running: Gateway) -> Seen:
    return running.seen()[-1]


@pytest.mark.parametrize("path", BODIES)
def test_results_are_shortened_whatever_the_provider(running: Gateway, path: str) -> None:
    body = BODIES[path]
    answer = post(running.url + path, body, {"x-api-key": "sk-1"})
    assert answer.status == 200
    sent = _last(running)
    assert len(sent.body) < len(json.dumps(body)) / 3
    assert "svc-" in sent.body.decode()
    assert dict(sent.facts["headers"])["x-api-key"] == "sk-1"
    assert "server" not in answer.headers


def test_what_was_billed_is_accounted_for(running: Gateway) -> None:
    before = get(f"{running.url}/stats").json
    post(f"{running.url}/v1/messages", {**BODIES["/v1/messages"], "stream": True})
    for _ in range(100):
        after = get(f"{running.url}/stats").json
        if after["requests"]["total"] > before["requests"]["total"]:
            break
        time.sleep(0.05)
    assert after["tokens"]["saved"] > before["tokens"]["saved"]
    assert after["tokens"]["input"] > before["tokens"]["input"]
    assert after["cache"]["broken_prefixes"] == 0


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_coded_bodies(running: Gateway, coding: str) -> None:
    plain = json.dumps(BODIES["/v1/messages"]).encode()
    packed = gzip.compress(plain) if coding == "gzip" else zstandard.compress(plain)
    answer = post(f"{running.url}/v1/messages", packed, {"content-encoding": coding})
    assert answer.status == 200
    assert len(_last(running).body) < len(plain) / 3
    assert "content-encoding" not in dict(_last(running).facts["headers"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"messages": 1}',
        b"{" * 5000,
        json.dumps(CLAUDE).encode(),
    ],
)
def test_odd_bodies_arrive_as_they_are(running: Gateway, body: bytes) -> None:
    answer = post(f"{running.url}/v1/messages", body)
    assert answer.status >= 400
    assert _last(running).wire == body


def test_a_body_in_no_known_coding_arrives_as_it_is(running: Gateway) -> None:
    post(f"{running.url}/v1/messages", b"\x01\x02", {"content-encoding": "gzip"})
    assert _last(running).wire == b"\x01\x02"
    assert dict(_last(running).facts["headers"])["content-encoding"] == "gzip"


def test_signed_bodies_are_left_alone(running: Gateway) -> None:
    body = json.dumps(BODIES["/v1/messages"]).encode()
    post(f"{running.url}/v1/messages", body, {"authorization": "AWS4-HMAC-SHA256 Credential=x"})
    assert _last(running).wire == body


def test_other_paths_and_methods_pass(running: Gateway) -> None:
    assert get(f"{running.url}/v1/models?limit=3", {"anthropic-version": "2023-06-01"}).status in (
        200,
        404,
    )
    assert _last(running).facts["path"] == "/v1/models?limit=3"
    path = "/v1/files/a%2Fb?x=%20y&x=z"
    send("DELETE", f"{running.url}{path}", None, {})
    assert (_last(running).facts["method"], _last(running).facts["path"]) == ("DELETE", path)


def test_errors_of_the_provider_are_passed_on(running: Gateway) -> None:
    body = {**CLAUDE, "messages": [{"role": "user", "content": "x"}]}
    answer = post(f"{running.url}/v1/messages", body, {"x-fault": "status=529"})
    assert (answer.status, answer.headers["retry-after"]) == (529, "1")
    assert answer.json["error"]["type"] == "overloaded_error"


def test_a_refusal_of_the_shortened_body_is_answered_with_the_original(running: Gateway) -> None:
    before = len(running.seen())
    body = BODIES["/v1/chat/completions"]
    answer = post(f"{running.url}/v1/chat/completions", body, {"x-fault": "status=400"})
    assert answer.status == 400
    sizes = [len(each.body) for each in running.seen()[before:]]
    assert sizes[0] < sizes[1] == len(json.dumps(body))


def test_events_come_one_by_one(running: Gateway) -> None:
    connection = line(running.url)
    body = {**BODIES["/v1/messages"], "stream": True}
    headers = {"x-fault": "pause=0.2"}
    connection.request("POST", "/v1/messages", json.dumps(body), headers)
    answer = connection.getresponse()
    arrivals = []
    while answer.readline():
        arrivals.append(time.monotonic())
    connection.close()
    assert arrivals[-1] - arrivals[0] > 0.5


def test_an_answer_that_breaks_off_does_not_look_whole(running: Gateway) -> None:
    connection = line(running.url)
    body = {**BODIES["/v1/messages"], "stream": True}
    connection.request("POST", "/v1/messages", json.dumps(body), {"x-fault": "cut=3"})
    answer = connection.getresponse()
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    connection.close()


def test_who_hangs_up_hangs_up_on_the_provider(running: Gateway) -> None:
    connection = line(running.url)
    body = {**BODIES["/v1/messages"], "stream": True}
    connection.request("POST", "/v1/messages", json.dumps(body), {"x-fault": "pause=0.5"})
    connection.getresponse().read(1)
    connection.close()
    for _ in range(100):
        if b"headroom_open_requests 0.0" in get(f"{running.url}/metrics").body:
            return
        time.sleep(0.02)
    pytest.fail("the exchange goes on without a client")


def test_who_hangs_up_before_there_is_an_answer_is_accounted_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        model = f"api.anthropic.com=http://127.0.0.1:{silent.getsockname()[1]}"
        with gateway(tmp_path, environ={"HEADROOM_UPSTREAM": model}) as running:
            connection = line(running.url)
            connection.request("POST", "/v1/messages", json.dumps(BODIES["/v1/messages"]))
            reached, _ = silent.accept()
            connection.close()
            for _ in range(200):
                if get(f"{running.url}/stats").json["requests"]["total"] == 1:
                    reached.close()
                    return
                time.sleep(0.05)
    pytest.fail("the exchange is in no ledger")


def test_a_coded_answer_is_not_touched(running: Gateway) -> None:
    answer = post(f"{running.url}/v1/messages", BODIES["/v1/messages"], {"x-fault": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.body))["type"] == "message"


def test_answers_do_not_end_early_or_late_on_one_connection(running: Gateway) -> None:
    connection = line(running.url)
    for _ in range(5):
        connection.request("POST", "/v1/messages", json.dumps(BODIES["/v1/messages"]))
        answer = connection.getresponse()
        assert json.loads(answer.read())["type"] == "message"
    connection.request("HEAD", "/v1/models")
    assert connection.getresponse().read() == b""
    connection.close()
