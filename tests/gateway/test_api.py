"""What the proxy answers itself."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from tests.gateway.ask import get, post, send
from tests.gateway.running import Gateway, gateway
from tests.library import talk


@pytest.mark.parametrize("shape", talk.SHAPES)
def test_messages_in_and_shorter_messages_out(running: Gateway, shape: str) -> None:
    messages = talk.SHAPES[shape]()
    found = post(f"{running.url}/v1/compress", {"messages": messages, "model": "gpt-4o"}).json
    assert sorted(found) == [
        "ccr_hashes",
        "compression_ratio",
        "messages",
        "tokens_after",
        "tokens_before",
        "tokens_saved",
        "transforms_applied",
    ]
    assert found["messages"][:-1] == messages[:-1]
    assert found["tokens_saved"] == found["tokens_before"] - found["tokens_after"] > 0
    assert found["compression_ratio"] < 0.5
    name = found["ccr_hashes"][0]
    whole = post(f"{running.url}/v1/retrieve", {"hash": name}).json
    assert json.loads(whole["original_content"]) == talk.ROWS
    one = get(f"{running.url}/v1/retrieve/{name[:8]}?rows=78").json
    assert json.loads(one["original_content"])["name"] == "svc-77"


def test_wishes(running: Gateway) -> None:
    given = {"messages": talk.chat(talk.LOG), "query": "heartbeat 317", "token_budget": 500}
    found = post(f"{running.url}/v1/compress", given).json
    assert "heartbeat 317 ok" in found["messages"][-1]["content"]
    asked = {"x-headroom-bypass": "true"}
    found = post(f"{running.url}/v1/compress", given, asked).json
    assert found["messages"] == given["messages"]
    found = post(f"{running.url}/v1/compress", {**given, "bypass": True}).json
    assert found["messages"] == given["messages"]
    found = post(f"{running.url}/v1/compress", {**given, "bypass": False}).json
    assert found["tokens_saved"] > 0


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/compress", b"{", 400),
        ("/v1/compress", b"[]", 400),
        ("/v1/compress", b"{}", 400),
        ("/v1/compress", b'{"messages": {}}', 400),
        ("/v1/compress", b'{"messages": [], "model": []}', 400),
        ("/v1/compress", b'{"messages": [], "level": "much"}', 400),
        ("/v1/compress", b'{"messages": [], "token_budget": -1}', 400),
        ("/v1/compress", b'{"messages": [], "token_budget": true}', 400),
        ("/v1/compress", b'{"messages": []}', 200),
        ("/v1/compress", b'{"messages": [null, 1, "\\ud800"]}', 200),
        ("/v1/compress", b"[" * 100_000, 400),
        ("/v1/retrieve", b"{}", 404),
        ("/v1/retrieve", b'{"hash": "../../etc"}', 404),
        ("/v1/retrieve", b'{"hash": "0123456789"}', 404),
    ],
)
def test_odd_requests_get_clear_answers(
    running: Gateway, path: str, body: bytes, status: int
) -> None:
    answer = post(running.url + path, body)
    assert answer.status == status
    assert status == 200 or answer.json["error"]["message"]


def test_health_stats_and_metrics(running: Gateway) -> None:
    assert get(f"{running.url}/health").json["status"] == "healthy"
    assert get(f"{running.url}/stats").json["tokens"]["saved"] >= 0
    answer = get(f"{running.url}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b"headroom_tokens_saved_total" in answer.body


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:8787"},
        {"host": "["},
        {"sec-fetch-site": "cross-site", "sec-fetch-dest": "script"},
    ],
)
def test_web_pages_are_not_answered(running: Gateway, headers: dict[str, str]) -> None:
    for path in ("/v1/retrieve", "/v1/messages"):
        assert send("POST", running.url + path, b"{}", headers).status == 403


def test_no_page_may_read_an_answer(running: Gateway) -> None:
    asked = {"origin": "http://localhost:3000", "access-control-request-method": "POST"}
    answer = send("OPTIONS", f"{running.url}/v1/compress", None, asked)
    assert not any(name.startswith("access-control-") for name in answer.headers)


def test_it_is_judged_in_a_process_of_its_own(tmp_path: Path) -> None:
    with gateway(tmp_path) as alone:
        ours = psutil.Process(alone.process.pid)
        given = {"messages": talk.chat(talk.LOG), "model": "gpt-4o"}
        assert post(f"{alone.url}/v1/compress", given).json["tokens_saved"] > 0
        [judging] = ours.children()
        assert "headroom_wrap.pipeline.worker" in judging.cmdline()
        judging.kill()
        given["messages"] = talk.chat(talk.LOG + "once more\n")
        assert post(f"{alone.url}/v1/compress", given).json["tokens_saved"] > 0
