"""Our status line in the agent's settings, the user's own below it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from headroom_wrap import profiles
from headroom_wrap.launch import plan
from headroom_wrap.launch.plan import Route

NONE = Path("/nonexistent")
OWN = {"type": "command", "command": "~/line.sh 'a b' \"$HOME\"", "padding": 2}


def settings(arguments=(), home="/nonexistent", agent="claude", session="s1"):
    route = Route("1", NONE, NONE, "/o", "/data/store", session)
    environ = {"CLAUDE_CONFIG_DIR": str(home)}
    command = plan.command(profiles.load(agent, NONE), agent, arguments, environ, route)
    argv = command.argv
    return json.loads(argv[argv.index("--settings") + 1]) if "--settings" in argv else None


def words(found):
    return shlex.split(found["statusLine"]["command"])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project with settings of its own, and a home folder."""
    (tmp_path / "project" / ".claude").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


def test_it_is_shown_where_the_user_has_none(folder):
    found = settings(home=folder / "home")
    assert found["statusLine"]["refreshInterval"] == 5
    assert words(found)[-2:] == ["/data/store", "s1"]
    assert found["permissions"]["allow"] == ["Read(//o/**)"]


@pytest.mark.parametrize(
    "file",
    [
        "project/.claude/settings.local.json",
        "project/.claude/settings.json",
        "home/settings.json",
    ],
)
def test_the_users_own_comes_with_it_wherever_it_stands(folder, file):
    (folder / file).write_text(json.dumps({"statusLine": OWN, "model": "opus"}))
    found = settings(home=folder / "home")
    assert words(found)[-2:] == ["s1", OWN["command"]]
    assert found["statusLine"]["padding"] == 2
    assert "refreshInterval" not in found["statusLine"]
    assert "model" not in found


def test_the_nearest_one_counts(folder):
    near = {**OWN, "command": "near"}
    (folder / "home/settings.json").write_text(json.dumps({"statusLine": OWN}))
    (folder / "project/.claude/settings.json").write_text(json.dumps({"statusLine": near}))
    assert words(settings(home=folder / "home"))[-1] == "near"
    given = json.dumps({"statusLine": {**OWN, "command": "given"}, "model": "opus"})
    found = settings(["--settings", given], home=folder / "home")
    assert words(found)[-1] == "given"
    assert found["model"] == "opus"


@pytest.mark.parametrize(
    "text", ["{", "[]", "\x00", '{"statusLine": 3}', '{"statusLine": {"command": 3}}']
)
def test_settings_that_make_no_sense_are_passed_over(folder, text):
    (folder / "home/settings.json").write_text(text)
    assert words(settings(home=folder / "home"))[-1] == "s1"


def test_who_wants_none_gets_none(folder):
    assert "statusLine" not in settings(session="")
    assert settings(agent="codex") is None
