"""Odd surroundings: closed standard streams, a working folder that is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_wrap.errors import Exit

_OURS = (sys.executable, "-m", "headroom_wrap", "wrap", "claude")


def wrap(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Wrap an agent that ends with 7; `script` starts its arguments, a command of ours."""
    agent = folder / "claude"
    agent.write_text("#!/bin/sh\nexit 7\n")
    agent.chmod(0o755)
    environ = {**os.environ, "HEADROOM_HOME": str(folder / "home")}
    environ["PATH"] = f"{folder}:{environ['PATH']}"
    shell = ["sh", "-c", script, "sh", *_OURS]
    return subprocess.run(shell, env=environ, capture_output=True, text=True)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_the_null_device(tmp_path: Path, closed: str) -> None:
    assert wrap(tmp_path, f'exec "$@" {closed}').returncode == 7


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("words", ["doctor", "dashboard --once", "perf --line", "demo --once"])
def test_a_terminal_that_knows_few_characters(tmp_path: Path, encoding: str, words: str) -> None:
    ours = [sys.executable, "-m", "headroom_wrap", *words.split()]
    environ = {**os.environ, "HEADROOM_HOME": str(tmp_path), "PYTHONIOENCODING": encoding}
    ran = subprocess.run(ours, env=environ, capture_output=True, encoding=encoding)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout
    assert "Error" not in ran.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_home_that_is_no_text_is_told_and_a_project_may_be(tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff")
    os.mkdir(odd)
    ran = wrap(tmp_path, f'cd "{tmp_path}"/odd*; HEADROOM_HOME="$PWD/home" exec "$@"')
    assert ran.returncode == Exit.USAGE
    assert "is no path in UTF-8" in ran.stderr
    assert wrap(tmp_path, f'cd "{tmp_path}"/odd*; exec "$@"').returncode == 7


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    ran = wrap(tmp_path, f'mkdir "{tmp_path}/in"; cd "{tmp_path}/in"; rmdir ../in; exec "$@"')
    assert ran.returncode == Exit.OWN_FAILURE
    assert ran.stderr.startswith("headroom: the folder you are in cannot be used")
