"""`headroom ca` and `headroom uninstall`: what is ours can be seen, renewed, and taken away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer import _completion_shared as completion_shared

from headroom_wrap import cli
from headroom_wrap.library import engine
from headroom_wrap.proxy import ca
from headroom_wrap.spill import Spill


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def test_an_authority_is_shown_renewed_and_removed(home, capsys):
    file = ca.authority(home / "data/ca", ["api.anthropic.com", "api.*.githubcopilot.com"])
    before = file.read_bytes()
    assert cli.run(["ca", "show", "--json"]) == 0
    [shown] = json.loads(capsys.readouterr().out)
    assert shown["names"] == ["api.anthropic.com", "githubcopilot.com"]
    assert cli.run(["ca", "rotate"]) == 0
    assert file.read_bytes() != before
    assert ca.facts(file)["names"] == shown["names"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert cli.run(["ca", "remove"]) == 0
    assert not file.parent.exists()


def test_everything_is_listed_and_then_removed(home, capsys, tmp_path):
    agents = tmp_path / ".claude.json"
    agents.write_bytes(b'{"numStartups": 3}')
    ca.authority(home / "data/ca", ["api.anthropic.com"])
    assert cli.run(["mcp", "install", "--agent", "claude"]) == 0
    assert cli.run(["uninstall", "--yes"]) == 0
    listed = capsys.readouterr().out
    assert f"{agents}: the MCP server" in listed
    assert str(home / "data") in listed
    assert agents.read_bytes() == b'{"numStartups": 3}'
    assert not (home / "data").exists()
    assert cli.run(["uninstall", "--yes"]) == 0
    assert "nothing of ours" in capsys.readouterr().err


@pytest.mark.parametrize("more", ["", "alias b=c\n"])
def test_completion_leaves_the_shell(home, capsys, tmp_path, more):
    shell = tmp_path / ".bashrc"
    shell.write_text("alias a=b\n")
    environ = {**os.environ, "HOME": str(tmp_path), "SHELL": "/bin/bash"}
    show = [sys.executable, "-m", "headroom_wrap", "--install-completion"]
    # Who tries twice gets an empty line more each time.
    for _ in range(1 if more else 2):
        subprocess.run(["bash", "-c", '"$@"; exit', "bash", *show], env=environ, check=True)
    assert "headroom" in shell.read_text()
    shell.write_text(shell.read_text() + more)
    assert cli.run(["uninstall", "--yes"]) == 0
    assert shell.read_text() == "alias a=b\n" + more
    assert not (tmp_path / ".bash_completions").exists()


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("before", ["", "alias a=b\n", "zstyle ':completion:*' menu no\n"])
def test_completion_leaves_zsh(home, capsys, tmp_path, before, others):
    """As typer writes it; where another program's completion needs the lines, they stay."""
    shell, folder = tmp_path / ".zshrc", tmp_path / ".zfunc"
    shell.write_text(before)
    completion_shared.install_zsh(prog_name="headroom", complete_var="X", shell="zsh")
    written = shell.read_text()
    assert "fpath" in written
    if others:
        (folder / "_other").write_text("")
    assert cli.run(["uninstall", "--yes"]) == 0
    assert shell.read_text() == (written if others else before)
    assert folder.exists() == others
    assert not (folder / "_headroom").exists()


def test_not_a_trace_is_left(home, capsys, tmp_path, monkeypatch):
    """Whatever was installed where: afterwards every file is what it was, and no other is there."""
    keys = {("headroom", "store"): "00" * 32, ("other", "word"): "kept"}
    monkeypatch.setitem(sys.modules, "keyring", _keyring(keys))
    monkeypatch.setitem(sys.modules, "keyring.errors", _keyring(keys).errors)
    elsewhere = tmp_path / "editor" / "mcp.json"
    settings = tmp_path / ".claude" / "settings.json"
    project = tmp_path / "project" / ".claude" / "settings.json"
    broken = tmp_path / ".cursor" / "mcp.json"
    before = {
        elsewhere: b'{"mcpServers":   {}}',
        settings: b'{"model":"opus",   "hooks": {}}',
        project: b"{ }",
        broken: b"{ not json",
        tmp_path / ".codex" / "config.toml": b"model = 'gpt-5.5' # mine\n",
    }
    for file, content in before.items():
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    (tmp_path / "headroom-my_notes.log").write_text("mine")
    there = sorted(tmp_path.rglob("*"))
    (tmp_path / "headroom-abcd1234.log").write_text("Traceback (most recent call last):\n")
    for words in (
        ["mcp", "install", "--agent", "codex"],
        ["mcp", "install", "--file", str(elsewhere)],
        ["hook", "install"],
        ["hook", "install", "--file", str(project)],
        ["compress", str(_log(tmp_path))],
    ):
        assert cli.run(words) == 0
    (tmp_path / "long.log").unlink()
    ca.authority(home / "data/ca", ["api.anthropic.com"])
    engine._opened.cache_clear()
    capsys.readouterr()
    monkeypatch.setattr("builtins.input", lambda *_: "n")
    assert cli.run(["uninstall"]) in (1, 130)
    listed, said = capsys.readouterr()
    for place in (*(set(before) - {broken}), home / "data", "the system's keyring"):
        assert str(place) in listed
    assert str(broken) in said
    assert (home / "data").exists()
    assert cli.run(["uninstall", "--yes"]) == 0
    assert sorted(tmp_path.rglob("*")) == there
    assert {file: file.read_bytes() for file in before} == before
    assert keys == {("other", "word"): "kept"}


def _log(folder: Path) -> Path:
    file = folder / "long.log"
    file.write_text("".join(f"2026-01-01 00:00:00 INFO heartbeat {n} ok\n" for n in range(500)))
    return file


def _keyring(keys: dict[tuple[str, str], str]) -> Any:
    errors = SimpleNamespace(KeyringError=KeyError)
    return SimpleNamespace(
        errors=errors,
        get_password=lambda *name: keys.get(name),
        delete_password=lambda *name: keys.pop(name),
    )


def test_what_was_there_before_us_stays(home, capsys):
    """HEADROOM_HOME may name somebody's project, with folders of the same names."""
    kept = [home / "data/rows.csv", home / "config/app.toml", home / "run/log/today"]
    for file in kept:
        file.parent.mkdir(parents=True)
        file.write_text("mine")
    (home / "config/config.toml").write_text("level = 'exact'")
    ca.authority(home / "data/ca", ["api.anthropic.com"])
    Spill(home / "run", "/work").put("0" * 32, "original")
    live = next((home / "run").glob("*/.live/*"))
    live.rename(live.with_name("999999999"))
    assert cli.run(["uninstall", "--yes"]) == 0
    assert sorted(path for path in home.rglob("*") if path.is_file()) == sorted(kept)
    assert str(home / "data/ca") in capsys.readouterr().out.splitlines()


def test_a_folder_that_is_a_link_is_emptied(home, tmp_path):
    elsewhere = tmp_path / "large disk"
    elsewhere.mkdir()
    home.mkdir()
    (home / "data").symlink_to(elsewhere)
    ca.authority(home / "data/ca", ["api.anthropic.com"])
    assert cli.run(["uninstall", "--yes"]) == 0
    assert not list(elsewhere.iterdir())


def test_not_under_a_running_session(home, capsys):
    live = Spill(home / "run", "/p")
    assert cli.run(["uninstall", "--yes"]) == 1
    assert "sessions are running" in capsys.readouterr().err
    live.close()
