"""What somebody types who has never seen it: each answers, and says what comes next."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_wrap import cli
from headroom_wrap.errors import Exit
from tests.library import talk


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "home"


def test_help_names_its_topics(capsys):
    assert cli.run(["help"]) == 0
    said = capsys.readouterr().out
    assert all(topic in said for topic in ("environment", "exit-codes", "levels"))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["perf"], 0, "headroom wrap claude"),
        (["ca", "rotate"], 0, "headroom wrap"),
        (["ca", "remove"], 0, "headroom wrap"),
        (["inspect"], 1, "headroom wrap claude"),
        (["replay"], 2, "headroom: no transcript found"),
    ],
)
def test_with_no_data_yet(words, code, said, capsys):
    assert cli.run(words) == code
    shown = capsys.readouterr()
    assert said in " ".join((shown.out + shown.err).split())
    # No empty line of a progress bar that nobody sees.
    assert not shown.err.startswith("\n")


def test_looking_leaves_nothing_behind(home):
    for line in ("model list", "model use nope", "perf", "agents", "ca show", "inspect"):
        cli.run(line.split())
    assert not home.exists()


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headroom_wrap", *words]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_nobody_is_there_to_agree(home):
    (home / "data").mkdir(parents=True)
    ran = _run("uninstall")
    assert ran.returncode == 130
    assert "nothing was removed; --yes does not ask" in ran.stderr
    assert (home / "data").exists()


@pytest.mark.parametrize("pasted", ["{}", "[headroom {}: 5 of 9 lines folded]", "/tmp/hr/ab/{}"])
def test_a_marker_is_as_good_as_its_hash(pasted, tmp_path):
    file = tmp_path / "log"
    file.write_text(talk.LOG)
    name = _run("compress", str(file)).stdout.rpartition("[headroom ")[2][:8]
    assert _run("get", pasted.format(name), "--anywhere").stdout == talk.LOG


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_what_the_system_refuses_is_no_crash(number, monkeypatch, capsys, home):
    def refuse() -> int:
        raise OSError(number, os.strerror(number), "/the/file")

    monkeypatch.setattr("headroom_wrap.config.load", lambda *_: refuse())
    assert cli.run(["agents"]) == Exit.FAILURE
    assert capsys.readouterr().err == f"headroom: cannot use /the/file: {os.strerror(number)}\n"
    assert not (home / "data/crash.log").exists()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("headroom wrap claude --level ", "exact safe lean"),
        ("headroom wrap --prefer l", "longer-sessions lower-bill"),
        ("headroom perf --by s", "session"),
        ("headroom mcp install --agent co", "codex copilot"),
        ("headroom eval run sq", "squad"),
        ("headroom help ", "environment exit-codes levels"),
        ("headroom replay --cache g", "gemini"),
    ],
)
def test_tab_completes_values(typed, offered, monkeypatch, capsys):
    monkeypatch.setenv("_HEADROOM_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split(" ")) - 1))
    with pytest.raises(SystemExit):
        cli.run([])
    assert capsys.readouterr().out.split() == offered.split()
