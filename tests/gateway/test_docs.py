"""Every shell snippet of the documentation runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gateway.running import Gateway
from tests.library import docs, talk

_LOG = talk.LOG + "2026-01-01 01:00:00 ERROR worker heartbeat timeout\n"


def _shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    bin_ = Path(sys.executable).parent
    environ = {**os.environ, "HEADROOM_HOME": str(folder / "home"), "HOME": str(folder)}
    environ["PATH"] = f"{folder}:{bin_}:{environ['PATH']}"
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )


def _snippet(word: str) -> str:
    return next(text for text in docs.snippets("sh") if word in text)


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "build.log").write_text(_LOG)
    kubectl = tmp_path / "kubectl"
    kubectl.write_text("#!/bin/sh\ncat build.log\n")
    kubectl.chmod(0o755)
    piped, named, get = _snippet("kubectl").splitlines()
    ran = _shell(piped, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "heartbeat timeout" in ran.stdout
    name = ran.stdout.rsplit("[headroom ", 1)[1][:8]
    assert name in _shell(named, tmp_path).stdout
    ran = _shell(get.replace("9f3a1c2b", name), tmp_path)
    assert "401:2026-01-01 01:00:00 ERROR" in ran.stdout, ran.stderr


def test_curl(running: Gateway, tmp_path: Path) -> None:
    ran = _shell(_snippet("curl").replace("http://127.0.0.1:8787", running.url), tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert '"tokens_saved": 0' in ran.stdout
    assert "headroom_requests_total" in ran.stdout


@pytest.mark.parametrize("word", ["headroom proxy", "headroom hook install"])
def test_commands_that_exist(word: str, tmp_path: Path) -> None:
    command = _snippet(word).split("#")[0].strip()
    assert _shell(f"{command} --help", tmp_path).returncode == 0
