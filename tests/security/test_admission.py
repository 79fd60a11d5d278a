"""The forward proxy serves the agent that was wrapped, and what that starts: nobody else."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from tests.conftest import Need
from tests.fake import tls
from tests.proxy_faults.bodies import LONG
from tests.security.conftest import HOST, Wrapped, basic

STRANGERS = {
    "nothing": lambda known: "",
    "another secret": lambda known: basic("headroom:guess"),
    "no secret": lambda known: basic("headroom:"),
    "another name": lambda known: basic(f"root:{known.partition(':')[2]}"),
    "another scheme": lambda known: basic(known).replace("Basic", "Bearer"),
    "no base64": lambda known: "Proxy-Authorization: Basic ~~~\n",
    "no scheme": lambda known: f"Proxy-Authorization: {known}\n",
    "other letters": lambda known: "Proxy-Authorization: Basic \xe9\xff\n",
    "for the server": lambda known: basic(known).replace("Proxy-", ""),
}


def test_a_stranger_is_turned_away_before_anything_is_dialled(wrapped: Wrapped) -> None:
    with socket.create_server(("127.0.0.1", 0)) as target:
        target.settimeout(0.2)
        place = f"127.0.0.1:{target.getsockname()[1]}"
        for name, header in STRANGERS.items():
            head = f"CONNECT {place} HTTP/1.1\nHost: {place}\n{header(wrapped.credentials)}"
            answer = wrapped.raw(head)
            assert answer.startswith(b"HTTP/1.1 407 "), name
            assert b"proxy-authenticate: Basic" in answer
        with pytest.raises(TimeoutError):
            target.accept()


@pytest.mark.parametrize(
    "line",
    [
        f"POST http://{HOST}/v1/messages HTTP/1.1\nHost: {HOST}\n",
        f"POST /v1/messages HTTP/1.1\nHost: {HOST}\n",
        "GET http://127.0.0.1:{fake}/v1/models HTTP/1.1\nHost: 127.0.0.1\n",
        "GET / HTTP/1.1\nHost: 127.0.0.1:{fake}\n",
    ],
)
def test_nor_does_a_request_of_his_reach_anybody(wrapped: Wrapped, line: str) -> None:
    before = len(wrapped.seen())
    body = LONG if line.startswith("POST") else b""
    length = f"Content-Length: {len(body)}\n" if body else ""
    answer = wrapped.raw(line.replace("{fake}", str(wrapped.fake)) + length, body[:1000])
    # With a body on its way there is no answer: it would have to be read first.
    assert not answer if body else answer.startswith(b"HTTP/1.1 407 ")
    assert len(wrapped.seen()) == before


def test_who_knows_the_secret_is_served_and_it_goes_no_further(wrapped: Wrapped) -> None:
    place = f"http://127.0.0.1:{wrapped.fake}/x"
    answer = wrapped.raw(f"GET {place} HTTP/1.1\nHost: 127.0.0.1\n{wrapped.known}")
    assert answer.startswith(b"HTTP/1.1 404 ")
    trusting = ssl.create_default_context(cafile=wrapped.environ["NODE_EXTRA_CA_CERTS"])
    line = http.client.HTTPSConnection("127.0.0.1", wrapped.port, context=trusting)
    name, _, value = wrapped.known.strip().partition(": ")
    line.set_tunnel(HOST, 443, {name: value})
    line.request("POST", "/v1/messages", LONG)
    assert line.getresponse().status == 200
    line.close()
    plain, tunnelled = wrapped.seen()[-2:]
    assert len(tunnelled.body) < 0.8 * len(LONG)
    for each in (plain, tunnelled):
        assert not [name for name, _ in each.facts["headers"] if name.lower().startswith("proxy-")]


def test_a_challenge_is_answered_on_the_same_connection(wrapped: Wrapped) -> None:
    """As curl does with --proxy-anyauth, and with it git."""
    head = f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n"
    with socket.create_connection(("127.0.0.1", wrapped.port), 10) as line:
        line.sendall(f"{head}\r\n".encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        answer.read()
        assert answer.status == 407
        answer.close()
        line.sendall((head + wrapped.known.strip() + "\r\n\r\n").encode())
        assert line.recv(100).startswith(b"HTTP/1.1 200 ")


TOOLS = {
    "curl": ["-sSf", f"https://{HOST}/curl"],
    "git": ["ls-remote", f"https://{HOST}/git"],
    "pip": ["download", "--retries=0", f"--index-url=https://{HOST}/pip", "no-such-thing"],
    "npm": ["view", "--fetch-retries=0", f"--registry=https://{HOST}/npm", "no-such-thing"],
    "wget": ["-q", "--tries=1", "-O-", f"https://{HOST}/wget"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_what_an_agent_starts_hands_the_secret_on(
    wrapped: Wrapped, tool: str, need: Need, tmp_path: Path
) -> None:
    """Here none has us among its parents."""
    program = [sys.executable, "-m", "pip"] if tool == "pip" else [str(shutil.which(tool))]
    need(tool == "pip" or shutil.which(tool), f"{tool} is not installed")
    trust = wrapped.environ["NODE_EXTRA_CA_CERTS"]
    names = ("CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT", "NPM_CONFIG_CAFILE")
    environ = {**wrapped.environ, **dict.fromkeys(names, trust)}
    (tmp_path / "wgetrc").write_text(f"ca_certificate = {trust}\n")
    environ["WGETRC"] = str(tmp_path / "wgetrc")
    subprocess.run([*program, *TOOLS[tool]], env=environ, check=False, timeout=60, cwd=tmp_path)
    assert any(f"/{tool}" in each.facts["path"] for each in wrapped.seen())


NO_SECRET = """
import http.client, os, ssl
from urllib.parse import urlsplit
trusting = ssl.create_default_context(cafile=os.environ["NODE_EXTRA_CA_CERTS"])
port = urlsplit(os.environ["HTTPS_PROXY"]).port
line = http.client.HTTPSConnection("127.0.0.1", port, context=trusting)
line.set_tunnel("api.anthropic.com", 443)
line.request("GET", "/v1/models")
print(line.getresponse().status)
"""


def test_a_program_below_us_needs_no_secret(wrapped: Wrapped) -> None:
    """Not every program takes a password out of HTTPS_PROXY."""
    direct = [sys.executable, "-c", NO_SECRET]
    nested = [sys.executable, "-c", f"import subprocess; subprocess.run({direct!r})"]
    for command in (direct, nested):
        code, out, err = wrapped.run(*command)
        assert (code, out) == (0, "404\n"), err


def test_only_this_machine_can_reach_it(wrapped: Wrapped) -> None:
    listening = [
        each.laddr.ip
        for each in psutil.Process(wrapped.process.pid).net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]


def test_each_session_has_its_own_secret(wrap, tmp_path: Path) -> None:
    with wrap() as one:
        first = one.credentials
    with wrap() as other:
        assert other.credentials != first
        assert other.raw(f"CONNECT {HOST}:443 HTTP/1.1\n{basic(first)}").startswith(b"HTTP/1.1 407")
    for file in (tmp_path / "headroom").rglob("*"):
        if file.is_file():
            assert first.partition(":")[2].encode() not in file.read_bytes(), file


def test_the_companys_proxy_sees_its_own_credentials_only(wrap) -> None:
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as company:

        def answer() -> None:
            for _ in range(2):
                line, _ = company.accept()
                with line:
                    heads.append(line.recv(1 << 16))
                    line.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://staff:word@127.0.0.1:{company.getsockname()[1]}"
        with wrap(HTTPS_PROXY=url) as wrapped:
            with socket.create_connection(("127.0.0.1", wrapped.port), 10) as line:
                line.sendall(f"CONNECT a.example:443 HTTP/1.1\n{wrapped.known}\n".encode())
                line.recv(1 << 16)
                line.sendall(b"\x16\x03\x01\x00\x01\x00")
                line.recv(1 << 16)
            wrapped.raw(f"GET http://b.example/ HTTP/1.1\nHost: b.example\n{wrapped.known}")
            thread.join(10)
            ours = wrapped.known.split()[-1].encode()
    theirs = basic("staff:word").split()[-1].encode()
    assert [head.split()[1] for head in heads] == [b"a.example:443", b"http://b.example/"]
    assert all(theirs in head and ours not in head for head in heads)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "localhost"])
def test_a_host_next_door_is_never_decrypted(
    wrapped: Wrapped, address: str, tmp_path: Path
) -> None:
    """Not even when the name of a model's host is said inside."""
    context = tls.context(tmp_path, [HOST])
    with socket.create_server(("0.0.0.0", 0)) as door:
        door.settimeout(10)

        def greet() -> None:
            with contextlib.suppress(OSError):
                line, _ = door.accept()
                with context.wrap_socket(line, server_side=True) as inside:
                    inside.recv(1 << 16)
                    inside.sendall(b"bare")

        thread = threading.Thread(target=greet)
        thread.start()
        with socket.create_connection(("127.0.0.1", wrapped.port), 10) as line:
            place = f"{address}:{door.getsockname()[1]}"
            line.sendall(f"CONNECT {place} HTTP/1.1\r\n{wrapped.known.strip()}\r\n\r\n".encode())
            assert line.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
            trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
            with trusting.wrap_socket(line, server_hostname=HOST) as inside:
                inside.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
                assert inside.recv(100) == b"bare"
        thread.join(10)
