"""In and out of Claude Code's settings, to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_wrap import cli
from headroom_wrap.errors import ConfigError
from headroom_wrap.hook import settings

_OWN = '{"model":"opus",\r\n   "hooks": {"PostToolUse": [{"matcher": "Edit", "hooks": []}]} }'
_COMMAND = "/opt/python -m headroom_wrap hook run"


@pytest.mark.parametrize("before", [None, "", "{}", _OWN, '{"umlaut": "ä", "hooks": {}}\n\n'])
def test_there_and_back(home: Path, before: str | None) -> None:
    file = home / ".claude/settings.json"
    if before is not None:
        file.parent.mkdir()
        file.write_bytes(before.encode())
        file.chmod(0o640)
    for _ in range(2):
        settings.install(file, _COMMAND, home / "kept")
    assert settings.installed(file)
    entries = json.loads(file.read_bytes())["hooks"]["PostToolUse"]
    assert [e["hooks"][0]["command"] for e in entries if e["hooks"]] == [_COMMAND]
    assert settings.uninstall(file, home / "kept")
    assert (file.read_bytes().decode() if file.exists() else None) == before
    if before is not None:
        assert file.stat().st_mode & 0o777 == 0o640
    assert not settings.uninstall(file, home / "kept")


def test_changes_of_others_stay(home: Path) -> None:
    file = home / "settings.json"
    file.write_text(_OWN)
    settings.install(file, _COMMAND, home / "kept")
    changed = json.loads(file.read_text()) | {"theme": "dark"}
    file.write_text(json.dumps(changed))
    assert settings.uninstall(file, home / "kept")
    assert json.loads(file.read_text()) == json.loads(_OWN) | {"theme": "dark"}


def test_links_stay_links(home: Path) -> None:
    real, link = home / "dotfiles.json", home / "settings.json"
    real.write_text(_OWN)
    link.symlink_to(real)
    settings.install(link, _COMMAND, home / "kept")
    assert link.is_symlink()
    assert settings.uninstall(link, home / "kept")
    assert (link.is_symlink(), real.read_bytes().decode()) == (True, _OWN)


@pytest.mark.parametrize("content", ["{", "[]", '{"hooks": []}', '{"hooks": {"PostToolUse": 1}}'])
def test_what_is_not_understood_is_left_alone(home: Path, content: str) -> None:
    file = home / "settings.json"
    file.write_text(content)
    with pytest.raises(ConfigError):
        settings.install(file, _COMMAND, home / "kept")
    assert file.read_text() == content


def test_by_command(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(home / "claude"))
    assert cli.run(["hook", "install"]) == 0
    assert settings.installed(home / "claude/settings.json")
    assert cli.run(["hook", "uninstall"]) == 0
    assert not (home / "claude/settings.json").exists()
