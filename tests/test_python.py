"""What we start in a folder of the user's imports nothing that lies there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from headroom_wrap import __version__, cli, python
from headroom_wrap.retrieve import Part, part

_NAMES = ("headroom_wrap", "json", "jq", "msgspec", "runpy", "types", "typer")


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with modules whose import leaves a file behind."""
    for name in _NAMES:
        (tmp_path / f"{name}.py").write_text(f"open('imported', 'a').write('{name} ')")
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "imported"


def test_a_command(hostile: Path) -> None:
    ran = subprocess.run(python.command("headroom_wrap", "version"), capture_output=True, text=True)
    assert not hostile.exists(), hostile.read_text()
    assert __version__ in ran.stdout


def test_the_hook_that_is_installed(hostile: Path, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    assert cli.run(["hook", "install", "--file", str(file)]) == 0
    [entry] = json.loads(file.read_text())["hooks"]["PostToolUse"]
    ran = subprocess.run(entry["hooks"][0]["command"], shell=True, input=b"{}")
    assert not hostile.exists(), hostile.read_text()
    assert ran.returncode == 0


def test_a_search_in_an_original(hostile: Path) -> None:
    assert part('[{"a": 1}]', Part(jq=".[0].a")) == "1\n"
    assert not hostile.exists(), hostile.read_text()
