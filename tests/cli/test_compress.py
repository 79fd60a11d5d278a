"""`headroom compress` in a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.library import talk


def _run(home: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "headroom_wrap", *arguments]
    environ = {**os.environ, "HEADROOM_HOME": str(home)}
    return subprocess.run(command, input=given, capture_output=True, env=environ, check=False)


def test_a_pipe_and_back(tmp_path: Path) -> None:
    ran = _run(tmp_path, "compress", "--query", "heartbeat 317", given=talk.LOG.encode())
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert len(ran.stdout) < len(talk.LOG) / 4
    assert b"heartbeat 317 ok" in ran.stdout
    name = ran.stdout.decode().rsplit("[headroom ", 1)[1].split(":")[0]
    assert _run(tmp_path, "get", name, "--anywhere").stdout == talk.LOG.encode()


def test_facts_and_differences(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    file.write_text(talk.TEXT)
    facts = json.loads(_run(tmp_path, "compress", str(file), "--json").stdout)
    assert facts["tokens_saved"] == facts["tokens_before"] - facts["tokens_after"] > 0
    assert facts["transforms"] == ["jsontable"]
    shown = _run(tmp_path, "compress", "--diff", given=talk.LOG.encode()).stdout.decode()
    assert shown.startswith("--- original\n+++ shortened\n")
    assert "\n-2026-01-01 00:03:00 INFO worker heartbeat 180 ok\n" in shown


@pytest.mark.parametrize("given", [b"", b"short\r\n", b"\xff\xfe\0binary" * 500, b"\0" * 5000])
def test_what_cannot_be_shortened_is_passed_on(tmp_path: Path, given: bytes) -> None:
    ran = _run(tmp_path, "compress", given=given)
    assert (ran.returncode, ran.stdout) == (0, given)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    ran = _run(tmp_path, "compress", str(tmp_path / "missing"))
    assert ran.returncode == 1
    assert b"cannot read" in ran.stderr
    ran = _run(tmp_path, "compress", "--json", "--diff")
    assert ran.returncode == 2
