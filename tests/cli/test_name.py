"""Another program of our name, first in PATH."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs us as installed, with another `headroom` in PATH or without."""
    ours = Path(sys.executable).with_name("headroom")
    if not ours.is_file():
        pytest.skip("headroom is not installed beside this Python")
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (tmp_path / "bin").mkdir()

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "headroom_wrap", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    return run


def _registered(tmp_path: Path, ran) -> str:
    file = tmp_path / "mcp.json"
    ran("mcp", "install", "--file", str(file))
    command: str = json.loads(file.read_text())["mcpServers"]["headroom"]["command"]
    return command


def test_the_other_one_is_neither_registered_nor_passed_over(tmp_path, ran):
    other = tmp_path / "bin" / "headroom"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    assert _registered(tmp_path, ran) == sys.executable
    assert str(other) in ran("doctor")


def test_a_link_to_ours_is_ours(tmp_path, ran):
    """As pipx and uv make it; its path stays when the environment is made anew."""
    link = tmp_path / "bin" / "headroom"
    link.symlink_to(Path(sys.executable).with_name("headroom"))
    assert _registered(tmp_path, ran) == str(link)
    assert "name clash" not in ran("doctor")
