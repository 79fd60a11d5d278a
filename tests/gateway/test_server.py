"""Starting, ending, tokens, and other places to send requests to."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import aiohttp
import pytest

from tests.gateway.ask import get, line, post
from tests.gateway.running import gateway
from tests.gateway.test_forward import BODIES
from tests.library import talk


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are started by hand keep nothing in the developer's own."""
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))


def _listens(url: str) -> bool:
    try:
        return get(f"{url}/health").status == 200
    except OSError:
        return False


def test_open_answers_end_before_the_proxy_does(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        connection = line(running.url)
        body = json.dumps({**BODIES["/v1/messages"], "stream": True})
        connection.request("POST", "/v1/messages", body, {"x-fault": "pause=0.1"})
        answer = connection.getresponse()
        answer.readline()
        running.process.send_signal(signal.SIGTERM)
        assert b"message_stop" in answer.read()
        connection.close()
        assert running.process.wait(30) == 0


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        connection = line(running.url)
        body = json.dumps({**BODIES["/v1/messages"], "stream": True})
        connection.request("POST", "/v1/messages", body, {"x-fault": "pause=5"})
        connection.getresponse().readline()
        running.process.send_signal(signal.SIGTERM)
        # It no longer listens once the first signal has arrived.
        while _listens(running.url):
            time.sleep(0.02)
        assert running.stop() == 0
        connection.close()


def test_other_machines_need_a_token(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "headroom_wrap", "proxy", "--host", "0.0.0.0", "--port", "0"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "HEADROOM_TOKEN" in ran.stderr
    with gateway(tmp_path, "--host", "0.0.0.0", environ={"HEADROOM_TOKEN": "s3cret"}) as running:
        url = running.url.replace("0.0.0.0", "127.0.0.1")
        assert get(f"{url}/stats").status == 403
        assert get(f"{url}/stats", {"authorization": "Bearer s3cre"}).status == 403
        assert get(f"{url}/stats", {"authorization": "Bearer s3cret"}).status == 200
        asked = {"x-headroom-token": "s3cret", "host": "any.example", "x-api-key": "k"}
        assert post(f"{url}/v1/messages", BODIES["/v1/messages"], asked).status == 200
        assert "x-headroom-token" not in dict(running.seen()[-1].facts["headers"])


def test_a_busy_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "headroom_wrap", "proxy", "--port", port]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 125
    assert "cannot listen" in ran.stderr


def test_a_provider_that_cannot_be_reached(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with gateway(tmp_path, "--upstream", base) as running:
            answer = post(f"{running.url}/v1/chat/completions", BODIES["/v1/chat/completions"])
    assert answer.status == 502
    assert "cannot reach" in answer.json["error"]["message"]


def test_another_base_for_openais_form(tmp_path: Path) -> None:
    with gateway(tmp_path) as first:
        base = f"http://127.0.0.1:{first.fake}/api/v1"
        with gateway(tmp_path / "second", "--upstream", base) as running:
            post(f"{running.url}/v1/chat/completions", BODIES["/v1/chat/completions"])
            post(f"{running.url}/v1/messages", BODIES["/v1/messages"])
            assert [each.facts["path"] for each in running.seen()] == ["/v1/messages"]
        assert [each.facts["path"] for each in first.seen()] == ["/api/v1/chat/completions"]


def test_observing_changes_nothing(tmp_path: Path) -> None:
    with gateway(tmp_path, "--observe") as running:
        post(f"{running.url}/v1/messages", BODIES["/v1/messages"])
        assert running.seen()[-1].json == BODIES["/v1/messages"]


async def _converse(url: str) -> list[str]:
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket_:
        kinds = []
        for message in ({"input": [{"role": "user", "content": "x"}]}, {"input": talk.responses()}):
            await socket_.send_json({"type": "response.create", "model": "gpt-5.5", **message})
            async for answer in socket_:
                kinds.append(answer.json()["type"])
                if kinds[-1] in ("response.completed", "error"):
                    break
        return kinds


def test_sockets(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        kinds = asyncio.run(_converse(f"{running.url}/v1/responses"))
        assert kinds.count("response.completed") == 2
        messages = [each for each in running.seen() if each.facts["method"] == "WS"]
        assert len(messages[-1].body) < len(talk.TEXT) / 3
        for _ in range(100):
            if get(f"{running.url}/stats").json["tokens"]["saved"] > 0:
                return
            time.sleep(0.05)
        pytest.fail("what was said on a socket is not accounted for")


def test_a_socket_that_the_provider_refuses(tmp_path: Path) -> None:
    refusing = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        client, _ = refusing.accept()
        with client:
            client.recv(1 << 16)
            client.sendall(
                b"HTTP/1.1 426 Upgrade Required\r\nx-why: so\r\ncontent-length: 0\r\n\r\n"
            )

    thread = threading.Thread(target=refuse)
    thread.start()
    base = f"http://127.0.0.1:{refusing.getsockname()[1]}/v1"
    upgrade = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with refusing, gateway(tmp_path, "--upstream", base) as running:
        answer = get(f"{running.url}/v1/responses", upgrade)
        thread.join()
    assert (answer.status, answer.headers["x-why"]) == (426, "so")


def test_a_forward_proxy_beside_it(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with gateway(tmp_path, "--forward-port", str(port)) as running:
        trust = next((tmp_path / "home/data/ca").rglob("trust-*.pem"))
        pems = "".join(p.read_text() for p in (tmp_path / "home/data/ca").rglob("trust-*.pem"))
        assert trust.exists()
        connection = line(f"http://127.0.0.1:{port}")
        connection.set_tunnel("api.anthropic.com", 443)
        context = ssl.create_default_context(cadata=pems)
        connection.connect()
        connection.sock = context.wrap_socket(connection.sock, server_hostname="api.anthropic.com")
        connection.request("POST", "/v1/messages", json.dumps(BODIES["/v1/messages"]))
        assert connection.getresponse().status == 200
        connection.close()
        assert len(running.seen()[-1].body) < len(talk.TEXT) / 3
