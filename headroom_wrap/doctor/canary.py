"""A proxy is started and a known payload sent through each wire to a model on loopback."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headroom_wrap.config import Config
from headroom_wrap.doctor.finding import Finding, broken, fine
from headroom_wrap.errors import HeadroomError

_ROWS = [{"id": n, "name": f"worker-{n}", "state": "ready", "restarts": 0} for n in range(120)]
_TEXT = json.dumps(_ROWS, indent=2)
_COMMAND = "list-workers --json"


def wires(settings: Config) -> Iterator[Finding]:
    """Whether results shrink on their way, and all else arrives byte for byte."""
    from headroom_wrap.demo.stage import stage

    started = time.monotonic()
    hosts = sorted({host for host, _, _ in _BODIES.values()})
    try:
        with (
            tempfile.TemporaryDirectory(prefix="headroom-doctor-") as home,
            stage(Path(home), hosts, "/doctor", settings.level) as on,
        ):
            yield fine("proxy", f"up in {time.monotonic() - started:.1f} s")
            for name, (host, path, body) in _BODIES.items():
                yield _tried(name, body, on.send(host, path, body))
                plain = body.replace(b"worker", b"w")[:-1]
                if on.send(host, path, plain) != plain:
                    yield broken(name, "a body that is no JSON was changed", "please report it")
    except (HeadroomError, OSError) as problem:
        hint = getattr(problem, "hint", "") or "HEADROOM_OFF=1 runs agents without headroom"
        yield broken("proxy", str(problem), hint)


def _tried(name: str, sent: bytes, arrived: bytes) -> Finding:
    if len(arrived) >= len(sent):
        return broken(name, "a result was not shortened", "please report it with headroom version")
    return fine(name, f"a known result shrank from {len(sent):,} to {len(arrived):,} bytes")


def _body(**more: Any) -> bytes:
    return json.dumps({"model": "canary", "stream": True, **more}).encode()


def _messages() -> bytes:
    use = {"type": "tool_use", "id": "toolu_canary_000001", "name": "Bash"}
    back = {"type": "tool_result", "tool_use_id": use["id"], "content": _TEXT}
    return _body(
        messages=[
            {"role": "user", "content": "How many workers are there?"},
            {"role": "assistant", "content": [{**use, "input": {"command": _COMMAND}}]},
            {"role": "user", "content": [back]},
        ]
    )


def _chat() -> bytes:
    function = {"name": "bash", "arguments": json.dumps({"command": _COMMAND})}
    call = {"id": "call_canary_000001", "type": "function", "function": function}
    return _body(
        messages=[
            {"role": "user", "content": "How many workers are there?"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": call["id"], "content": _TEXT},
        ]
    )


def _responses() -> bytes:
    call = {"type": "function_call", "call_id": "call_canary_000001", "name": "exec_command"}
    back = {"type": "function_call_output", "call_id": call["call_id"]}
    output = f"Chunk ID: 1\nProcess exited with code 0\nOutput:\n{_TEXT}"
    return _body(
        input=[
            {**call, "arguments": json.dumps({"cmd": _COMMAND})},
            {**back, "output": output},
        ]
    )


_BODIES = {
    "anthropic": ("api.anthropic.com", "/v1/messages", _messages()),
    "openai_chat": ("api.openai.com", "/v1/chat/completions", _chat()),
    "openai_responses": ("api.openai.com", "/v1/responses", _responses()),
}
