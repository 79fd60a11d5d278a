"""`headroom ca` and `headroom uninstall`: what is ours can be seen, renewed, and taken away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_wrap import cli
from headroom_wrap.proxy import ca
from headroom_wrap.spill import Spill


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
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


def test_not_under_a_running_session(home, capsys):
    live = Spill(home / "run", "/p")
    assert cli.run(["uninstall", "--yes"]) == 1
    assert "sessions are running" in capsys.readouterr().err
    live.close()
