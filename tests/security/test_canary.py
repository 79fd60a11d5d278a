"""A secret that goes every way through us lies nowhere but in the store, and not there unkept."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from headroom_wrap import secret
from headroom_wrap.gateway.inject.tool import NAME
from headroom_wrap.pipeline import verdict
from headroom_wrap.store import HIDDEN, Store
from tests.gateway.ask import post
from tests.gateway.running import gateway
from tests.library import talk
from tests.security.conftest import SOCKETS, wrapping

# What a header, a prompt and a tool's result say; each in words of its own.
KEY, SAID, PRINTED = "canary-key-71f3", "canary-said-9d20", "canary-printed-b6e8"
ROWS = json.dumps([{"id": n, "token": PRINTED, "state": "ready"} for n in range(300)], indent=1)
HEADERS = {"x-api-key": KEY, "authorization": f"Bearer {KEY}", "cookie": KEY}
UNKEPT = {"HEADROOM_STORE": "0"}
ENCRYPTED = {"HEADROOM_KEY": "a long word"}


def _headroom(
    folder: Path, environ: dict[str, str], words: list[str], given: str
) -> subprocess.CompletedProcess[str]:
    """One of our commands, with words on its standard input."""
    variables = {**os.environ, "HEADROOM_HOME": str(folder / "home"), **environ}
    command = [sys.executable, "-m", *words]
    return subprocess.run(
        command,
        input=given,
        env=variables,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def by_wrap(folder: Path, environ: dict[str, str]) -> str:
    """Through the agent's own proxy, over HTTP and on a WebSocket."""
    body = json.dumps({"model": "claude-opus-4-8", "max_tokens": 9, "messages": _anthropic()})
    (folder / "body.json").write_text(body)
    with wrapping(folder, (), {**environ, "HEADROOM_HOME": str(folder / "home")}) as wrapped:
        trust = wrapped.environ["NODE_EXTRA_CA_CERTS"]
        headers = [word for name in HEADERS for word in ("-H", f"{name}: {HEADERS[name]}")]
        ask = ["curl", "-sS", "--cacert", trust, *headers, "--data", f"@{folder}/body.json"]
        code, _, err = wrapped.run(*ask, "https://api.anthropic.com/v1/messages")
        assert code == 0, err
        assert len(wrapped.seen()[-1].body) < 0.8 * len(body)
        trusting = ssl.create_default_context(cafile=trust)
        way = {"proxy": wrapped.environ["HTTPS_PROXY"], "ssl": trusting}
        assert asyncio.run(_on_a_socket(f"https://{SOCKETS}", **way))
        assert len(wrapped.seen()[-1].body) < 0.8 * len(ROWS)
        (folder / "body.json").unlink()
        return wrapped.end()


def by_proxy(folder: Path, environ: dict[str, str]) -> str:
    """By base URL, over HTTP: good requests, broken ones, and a call that we answer."""
    with gateway(folder, "--retrieve", "inject", "--align", environ=environ) as running:
        url = f"{running.url}/v1/messages"
        tool = {"name": "bash", "description": "Run", "input_schema": {"type": "object"}}
        body = {"model": "claude-opus-4-8", "max_tokens": 9, "tools": [tool]}
        ask = json.dumps({"hash": "@hash", "lines": "1-3"})
        messages = _anthropic(f"{SAID} [[S: bash x | mcp {NAME} {ask} | text done]]")
        system = f"{SAID} 2026-11-28 12:00:00 " + "word " * 2000
        given = {**body, "system": system, "messages": messages, "stream": True}
        assert post(url, given, HEADERS).status == 200
        assert post(url, json.dumps(given).encode()[:-20], HEADERS).status >= 400
        # Not even HTTP: a header that cannot be one.
        assert post(url, b"{}", {**HEADERS, "x-odd": f"{KEY}\x01"}).status == 400
        assert len(running.seen()[0].body) < 0.8 * len(json.dumps(given))
        assert asyncio.run(_on_a_socket(running.url))
        running.stop()
        said = ""
        while line := running.said.get():
            said += line
        return said


async def _on_a_socket(url: str, **way: Any) -> bool:
    done = await _asked_on_a_socket(url, **way)
    # aiohttp's sockets close a little after their session:
    # https://docs.aiohttp.org/en/stable/client_advanced.html#graceful-shutdown
    await asyncio.sleep(0.25)
    return done


async def _asked_on_a_socket(url: str, **way: Any) -> bool:
    headers = {"authorization": f"Bearer {KEY}"}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{url}/v1/responses", headers=headers, **way) as line,
    ):
        given = talk.responses(ROWS)
        await line.send_json({"type": "response.create", "model": "gpt-5.5", "input": given})
        async for message in line:
            if message.json()["type"] in ("response.completed", "error"):
                return bool(message.json()["type"] == "response.completed")
    return False


def by_library(folder: Path, environ: dict[str, str]) -> str:
    """`from headroom import compress`."""
    script = (
        "import json, sys; from headroom import compress\n"
        "found = compress(json.load(sys.stdin)); assert found.tokens_saved > 0"
    )
    (folder / "script.py").write_text(script)
    variables = {**os.environ, "HEADROOM_HOME": str(folder / "home"), **environ}
    given = json.dumps(_anthropic())
    command = [sys.executable, str(folder / "script.py")]
    return subprocess.run(
        command, input=given, env=variables, capture_output=True, text=True, check=True, timeout=60
    ).stderr


def by_command(folder: Path, environ: dict[str, str]) -> str:
    """`headroom compress` and the hook."""
    ran = _headroom(folder, environ, ["headroom_wrap", "compress", "--query", SAID], ROWS)
    assert len(ran.stdout) < 0.8 * len(ROWS)
    event = {
        "tool_name": "Bash",
        "tool_input": {"command": "list --json"},
        "tool_response": {"stdout": ROWS, "stderr": ""},
        "tool_use_id": "toolu_01ABCDEFGHIJKLMNOPQRSTUV",
        "cwd": str(folder),
    }
    hooked = _headroom(folder, environ, ["headroom_wrap", "hook", "run"], json.dumps(event))
    assert "updatedToolOutput" in hooked.stdout
    return ran.stderr + hooked.stderr


def by_mcp(folder: Path, environ: dict[str, str]) -> str:
    """The MCP server, good and bad calls."""
    arguments = {"content": ROWS, "query": SAID}
    calls = [
        {"name": "headroom_compress", "arguments": arguments},
        {"name": "headroom_retrieve", "arguments": {"hash": SAID}},
        {"name": "headroom_compress", "arguments": [KEY]},
    ]
    lines = [
        json.dumps({"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": call})
        for n, call in enumerate(calls)
    ]
    ran = _headroom(folder, environ, ["headroom_wrap", "mcp", "serve"], "\n".join([*lines, KEY]))
    assert len(ran.stdout.splitlines()) == 4
    return ran.stderr


def _anthropic(prompt: str = f"{SAID} [[S: bash x | text done]]") -> list[dict[str, object]]:
    use = {"type": "tool_use", "id": "toolu_01ABCDEFGHIJKLMNOPQRSTUV", "name": "bash"}
    back = {"type": "tool_result", "tool_use_id": use["id"], "content": ROWS}
    return [
        {"role": "user", "content": prompt},
        {"role": "assistant", "content": [{**use, "input": {"command": "list --json"}}]},
        {"role": "user", "content": [back]},
    ]


WAYS: dict[str, Callable[[Path, dict[str, str]], str]] = {
    "wrap": by_wrap,
    "proxy": by_proxy,
    "library": by_library,
    "command": by_command,
    "mcp": by_mcp,
}


def holding(folder: Path, word: str) -> set[str]:
    """Files below a folder that hold a word, those of the fake model aside."""
    files = (path for path in folder.rglob("*") if path.is_file() and "fake" not in path.parts)
    return {path.name for path in files if word.encode() in path.read_bytes()}


def rows(folder: Path, word: str, cipher: secret.Cipher | None) -> set[str]:
    """Tables of the store that hold a word once they are unpacked."""
    store = Store(folder / "home/data/store", cipher=cipher)
    found = {
        table
        for table in ("uses", "verdicts", "prefixes", "ledger", "meta", "sums")
        for key, row in store.scan(table)
        if word.encode() in key + row
    }
    verdicts = (row for key, row in store.scan("verdicts") if not key.startswith(HIDDEN))
    if any(word in (verdict.decode(row).sent or "") for row in verdicts):
        found.add("verdicts")
    originals = (store.original(key.hex()) for key, _ in store.scan("originals"))
    if any(each is not None and word in each.text for each in originals):
        found.add("originals")
    store.close()
    return found


@pytest.mark.parametrize("way", WAYS)
def test_only_the_store_has_what_was_printed(way: str, tmp_path: Path) -> None:
    said = WAYS[way](tmp_path, {})
    assert "originals" in rows(tmp_path, PRINTED, None)
    for word in (KEY, SAID):
        assert rows(tmp_path, word, None) == set()
        assert holding(tmp_path, word) == set()
    assert holding(tmp_path, PRINTED) <= {"data.mdb"}
    loose = [path for path in (tmp_path / "home").rglob("*") if path.stat().st_mode & 0o077]
    assert loose == []
    assert not [word for word in (KEY, SAID, PRINTED) if word in said]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("environ", [UNKEPT, ENCRYPTED], ids=["unkept", "encrypted"])
def test_nothing_has_it_where_nothing_is_kept_in_the_clear(
    way: str, environ: dict[str, str], tmp_path: Path
) -> None:
    said = WAYS[way](tmp_path, environ)
    for word in (KEY, SAID, PRINTED):
        assert holding(tmp_path, word) == set()
        assert word not in said
