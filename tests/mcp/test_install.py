"""Installing the MCP server into agents' files, and exactly undoing it."""

from __future__ import annotations

import errno
import json
import os
import sys

import pytest

from headroom_wrap import cli
from headroom_wrap.errors import ConfigError
from headroom_wrap.mcp.install import TARGETS, entry, install, installed, uninstall


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    """What was in a file before is kept there."""
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))


COMMAND = ["/opt/bin/headroom", "mcp", "serve"]

BEFORE = {
    ".json": [
        None,
        b"",
        b"{}",
        b'{"numStartups": 3, "mcpServers": {"other": {"command": "x"}}}',
        b'{\n\t"a": "\\u00e9 \xc3\xa9",\n\t"mcpServers": {}\n}\n',
    ],
    ".toml": [
        None,
        b"",
        b'# mine\nmodel = "gpt-5.5"   # keep\n\n[mcp_servers.other]\ncommand = "x"\n',
    ],
}
CASES = [
    (target, before)
    for target in TARGETS.values()
    for before in BEFORE[".toml" if target.file.endswith(".toml") else ".json"]
]


@pytest.mark.parametrize(("target", "before"), CASES)
def test_install_and_undo(tmp_path, target, before):
    path = tmp_path / target.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if before is not None:
        path.write_bytes(before)
    for _ in range(2):
        install(path, target, COMMAND, tmp_path / "backups")
        assert installed(path, target)
    assert uninstall(path, target, tmp_path / "backups")
    assert (path.read_bytes() if path.exists() else None) == before
    assert not uninstall(path, target, tmp_path / "backups")


@pytest.mark.parametrize("target", TARGETS.values())
def test_what_others_wrote_meanwhile_stays(tmp_path, target):
    path = tmp_path / target.file
    install(path, target, COMMAND, tmp_path / "backups")
    if path.suffix == ".toml":
        path.write_text('model = "x"\n' + path.read_text())
    else:
        path.write_text(json.dumps({"mine": 1, **json.loads(path.read_text())}))
    assert uninstall(path, target, tmp_path / "backups")
    assert b"headroom" not in path.read_bytes()
    assert b"mine" in path.read_bytes() or b"model" in path.read_bytes()


def test_other_servers_and_comments_stay(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(BEFORE[".toml"][2])
    install(path, TARGETS["codex"], COMMAND, tmp_path / "backups")
    assert path.read_bytes().startswith(BEFORE[".toml"][2].rstrip())
    assert b"[mcp_servers.headroom]" in path.read_bytes()


@pytest.mark.parametrize(("place", "said"), [("no folder/x", "cannot read"), ("long", "write")])
def test_a_file_that_cannot_be_is_said(tmp_path, capsys, place, said):
    (tmp_path / "no folder").write_text("")
    (tmp_path / "long").symlink_to(tmp_path / "gone" / "mcp.json")
    assert cli.run(["mcp", "install", "--file", str(tmp_path / place)]) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert str(tmp_path / place) in shown


@pytest.mark.parametrize("broken", [b"{", b"// comment\n{}", b"[1]", b'{"mcpServers": 3}'])
def test_a_file_that_cannot_be_understood_is_left_alone(tmp_path, broken):
    path = tmp_path / ".claude.json"
    path.write_bytes(broken)
    with pytest.raises(ConfigError):
        install(path, TARGETS["claude"], COMMAND, tmp_path / "backups")
    assert path.read_bytes() == broken


def test_what_was_there_before_is_not_lost_when_it_cannot_be_put_back(tmp_path, monkeypatch):
    path, backups = tmp_path / "agent" / ".claude.json", tmp_path / "backups"
    path.parent.mkdir()
    path.write_bytes(b'{"mine":   1}')
    install(path, TARGETS["claude"], COMMAND, backups)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "replace", full)
        with pytest.raises(ConfigError, match="cannot write"):
            uninstall(path, TARGETS["claude"], backups)
    assert uninstall(path, TARGETS["claude"], backups)
    assert path.read_bytes() == b'{"mine":   1}'


def test_a_damaged_note_of_ours_does_not_keep_the_server_in(tmp_path):
    path, backups = tmp_path / ".claude.json", tmp_path / "backups"
    path.write_bytes(b'{"mine": 1}')
    install(path, TARGETS["claude"], COMMAND, backups)
    for note in backups.iterdir():
        note.write_bytes(b"{")
    assert uninstall(path, TARGETS["claude"], backups)
    assert json.loads(path.read_bytes()) == {"mine": 1, "mcpServers": {}}


def test_claude_loads_the_tool_from_the_first_request_on():
    assert entry(TARGETS["claude"], COMMAND)["alwaysLoad"] is True


def test_another_packages_command_of_our_name_is_not_installed(tmp_path, monkeypatch):
    theirs = tmp_path / "headroom"
    theirs.write_text("#!/bin/sh\n")
    theirs.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    file = tmp_path / "mcp.json"
    assert cli.run(["mcp", "install", "--file", str(file)]) == 0
    server = json.loads(file.read_text())["mcpServers"]["headroom"]
    assert server["command"] == sys.executable
    assert server["args"][-2:] == ["mcp", "serve"]


def test_our_own_command_is_installed_by_its_name(tmp_path, monkeypatch):
    ours = tmp_path / "headroom"
    ours.write_text("#!/bin/sh\n")
    ours.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(ours)])
    file = tmp_path / "mcp.json"
    assert cli.run(["mcp", "install", "--file", str(file)]) == 0
    assert json.loads(file.read_text())["mcpServers"]["headroom"]["command"] == str(ours)
