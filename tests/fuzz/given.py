"""Files and lines that others write: profiles, settings, transcripts, hook events, MCP."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from headroom_wrap import config, prices, profiles
from headroom_wrap.errors import HeadroomError
from headroom_wrap.hook import claude
from headroom_wrap.launch import compaction, plan
from headroom_wrap.mcp import server
from headroom_wrap.mcp.tools import Tools
from headroom_wrap.replay import transcripts
from headroom_wrap.store import ephemeral
from tests.fuzz.target import Target

_ROOT = Path(__file__).parents[2]
# Kept for the life of the process, as the fuzzer runs it.
_FOLDER = Path(tempfile.mkdtemp(prefix="headroom-fuzz-"))
_TOOLS = Tools(ephemeral())


def _profile(data: bytes) -> None:
    """A file is a profile that can be launched, or one clear error."""
    file = _FOLDER / "agents" / "mine.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    with contextlib.suppress(HeadroomError):
        found = profiles.load("mine", _FOLDER)
        plan.refuse(found, ("--bg", "x"))
        plan.gateways(found, {"ANTHROPIC_BASE_URL": "https://x.example"})
        route = plan.Route("1", Path("/a"), Path("/b"), "/tmp/hr")
        plan.command(found, "/bin/true", ("x",), {"HOME": "/h", "PATH": "/bin"}, route)
        compaction.balanced(found, 0.7, (), {})


def _config(data: bytes) -> None:
    folder = _FOLDER / "home" / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_bytes(data)
    with contextlib.suppress(HeadroomError):
        config.load(environ={"HEADROOM_HOME": str(_FOLDER / "home")})


def _prices(data: bytes) -> None:
    file = _FOLDER / "prices.json"
    file.write_bytes(data)
    with contextlib.suppress(HeadroomError):
        prices.extend(file)


def _transcript(suffix: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        file = _FOLDER / f"session{suffix}"
        file.write_bytes(data)
        for found in transcripts.read(file):
            for standing, answer in found.requests():
                assert standing
                assert answer

    return check


def _hook(data: bytes) -> None:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(event, dict):
        claude.answer(event)


def _mcp(data: bytes) -> None:
    answer = server.respond(_TOOLS, data.decode("utf-8", "replace"))
    json.dumps(answer)


def _profiles() -> Iterator[bytes]:
    for file in sorted((_ROOT / "agents").glob("*.toml")):
        yield file.read_bytes()


def _sessions() -> Iterator[bytes]:
    back = {"type": "tool_result", "tool_use_id": "t", "content": "x"}
    rows: list[dict[str, Any]] = [
        {"type": "user", "uuid": "a", "message": {"role": "user", "content": "go"}},
        {"type": "assistant", "uuid": "b", "parentUuid": "a", "message": {"role": "assistant"}},
        {"type": "user", "parentUuid": "b", "message": {"role": "user", "content": [back]}},
    ]
    yield b"\n".join(json.dumps(row).encode() for row in rows)
    codex = [
        {"type": "session_meta", "payload": {"id": "s"}},
        {"type": "response_item", "payload": {"type": "function_call", "call_id": "c"}},
        {"type": "compacted", "timestamp": "2026-01-01T00:00:00Z", "payload": {"message": "m"}},
    ]
    yield b"\n".join(json.dumps(row).encode() for row in codex)
    for file in sorted((_ROOT / "tests" / "replay" / "data").rglob("*.jsonl")):
        yield file.read_bytes()[:30_000]


def _wholes() -> Iterator[bytes]:
    talk = [{"role": "user", "content": "go"}, {"role": "assistant", "content": "ok"}]
    yield json.dumps(talk).encode()
    yield json.dumps([{"messages": talk, "id": 1, "model": "m"}]).encode()
    steps = [{"action": "ls", "response": "r", "observation": "o"}]
    yield json.dumps({"trajectory": steps, "history": talk}).encode()


def _events() -> Iterator[bytes]:
    event: dict[str, Any] = {"tool_name": "Bash", "tool_use_id": "t", "tool_input": {}}
    event |= {"tool_response": {"stdout": "x\n" * 50, "stderr": ""}, "transcript_path": "/x"}
    yield json.dumps(event).encode()
    yield json.dumps({**event, "tool_name": "mcp__x", "tool_response": [{"text": "a"}]}).encode()


def _calls() -> Iterator[bytes]:
    for name, arguments in (
        ("headroom_retrieve", {"hash": "9f3a1c2b", "lines": "1-3", "jq": "."}),
        ("headroom_compress", {"content": "a\n" * 40, "kind": "ls", "query": "q"}),
        ("headroom_stats", {}),
    ):
        params = {"name": name, "arguments": arguments}
        yield json.dumps({"id": 1, "method": "tools/call", "params": params}).encode()


_CONFIG = (
    b'level = "safe"\nobserve = false\n[upstream]\n"api.anthropic.com" = "https://x.example"\n'
)
_PRICES = b'{"m": {"input": 1.0, "output": 2.0}}'

TARGETS: dict[str, Target] = {
    "profile": Target(_profile, _profiles),
    "config": Target(_config, lambda: [_CONFIG]),
    "prices": Target(_prices, lambda: [_PRICES]),
    "transcript lines": Target(_transcript(".jsonl"), _sessions),
    "transcript": Target(_transcript(".json"), _wholes),
    "hook event": Target(_hook, _events),
    "mcp": Target(_mcp, _calls),
}
