"""Events of Claude Code's, and what is answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headroom import retrieve
from headroom_wrap.hook.claude import answer, request
from tests.library import talk

_BASH = {"stdout": talk.LOG, "stderr": "", "interrupted": False, "isImage": False}


_FOUND = "".join(
    f"src/services/orders/checkout/module_{n // 40}.py:{n}:    total = price\n" for n in range(300)
)


def _event(tool: str, output: Any, **more: Any) -> dict[str, Any]:
    event = {"hook_event_name": "PostToolUse", "tool_name": tool, "tool_response": output}
    return {**event, "tool_use_id": "toolu_01234567890", "tool_input": {}, **more}


def _new(event: dict[str, Any]) -> Any:
    found = answer(event)
    return found["hookSpecificOutput"]["updatedToolOutput"] if found else None


def test_what_a_command_printed() -> None:
    new = _new(_event("Bash", _BASH, tool_input={"command": "kubectl logs api-0"}))
    assert {**new, "stdout": talk.LOG} == _BASH
    assert len(new["stdout"]) < len(talk.LOG) / 4
    name = new["stdout"].rsplit("headroom get ", 1)[1].removesuffix("]")
    assert retrieve(name) == talk.LOG


def test_the_same_event_gets_the_same_answer() -> None:
    assert _new(_event("Bash", _BASH)) == _new(_event("Bash", _BASH))


@pytest.mark.parametrize(
    ("tool", "output"),
    [
        ("mcp__ops__list", talk.TEXT),
        ("mcp__ops__list", [{"type": "text", "text": talk.TEXT}, {"type": "image", "data": "x"}]),
        ("WebFetch", {"result": talk.LOG, "code": 200}),
        ("Grep", {"mode": "content", "content": _FOUND, "numFiles": 0}),
    ],
)
def test_other_tools_keep_the_shape_of_their_output(tool: str, output: Any) -> None:
    new = _new(_event(tool, output))
    assert type(new) is type(output)
    assert len(json.dumps(new)) < len(json.dumps(output)) / 2
    if isinstance(output, list):
        assert new[1] == output[1]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"tool_name": "Bash"},
        {"tool_name": 1, "tool_response": talk.LOG},
        _event("Read", {"type": "text", "file": {"content": talk.LOG}}),
        _event("Edit", {"newString": talk.LOG}),
        _event("Bash", {**_BASH, "stdout": "short"}),
        _event("Bash", {"stdout": None}),
        _event("Bash", [talk.LOG]),
        _event("Bash", _BASH, tool_input={"command": "headroom get 9f3a1c2b"}),
        _event("Bash", {**_BASH, "stdout": "x = 1\n" * 400}, tool_input={"command": "cat a.py"}),
        _event("mcp__headroom__headroom_retrieve", talk.LOG),
    ],
)
def test_everything_else_stays(event: dict[str, Any]) -> None:
    assert answer(event) is None


def test_what_was_asked_for_stays(tmp_path: Path) -> None:
    transcript = tmp_path / "session.jsonl"
    lines: list[Any] = [
        {"type": "user", "message": {"role": "user", "content": "Look at heartbeat 317."}},
        {"type": "assistant", "message": {"content": []}},
        {"type": "user", "message": {"content": [{"type": "tool_result", "content": "x"}]}},
        {"type": "user", "isMeta": True, "message": {"content": "a caveat"}},
        ["odd"],
    ]
    text = "\n".join(["not json", *map(json.dumps, lines)])
    transcript.write_text(text)
    assert request(str(transcript)) == "Look at heartbeat 317."
    new = _new(_event("Bash", _BASH, transcript_path=str(transcript)))
    assert "heartbeat 317 ok" in new["stdout"]
    assert request(str(tmp_path / "none")) == request("\0") == ""


@pytest.mark.parametrize("given", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_odd_input_is_no_error(given: bytes) -> None:
    command = [sys.executable, "-m", "headroom_wrap", "hook", "run"]
    ran = subprocess.run(command, input=given, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, b"")


def test_the_command(home: Path) -> None:
    command = [sys.executable, "-m", "headroom_wrap", "hook", "run"]
    given = json.dumps(_event("Bash", _BASH)).encode()
    ran = subprocess.run(command, input=given, capture_output=True, check=True)
    assert "updatedToolOutput" in json.loads(ran.stdout)["hookSpecificOutput"]
    off = {**os.environ, "HEADROOM_OFF": "1"}
    ran = subprocess.run(command, input=given, capture_output=True, check=True, env=off)
    assert ran.stdout == b""


def test_what_is_wrong_with_our_settings_is_not_the_models_business(home: Path) -> None:
    config = home / "headroom/config/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("level = 'much'")
    command = [sys.executable, "-m", "headroom_wrap", "hook", "run"]
    given = json.dumps(_event("Bash", _BASH)).encode()
    ran = subprocess.run(command, input=given, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert b"unknown level" in ran.stderr
