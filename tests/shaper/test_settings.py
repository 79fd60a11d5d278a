"""How shaping is asked for: option, variable, file, default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headroom_wrap import cli, config
from headroom_wrap.errors import ConfigError
from headroom_wrap.types import Shaping

BRIEF, EFFORT, OFF = Shaping(steer=True), Shaping(steer=True, effort=True), Shaping()


@pytest.mark.parametrize(
    ("flag", "variable", "file", "expected"),
    [
        (None, None, "", OFF),
        (None, "1", "", BRIEF),
        (None, "brief", "", BRIEF),
        (None, "EFFORT", "", EFFORT),
        (None, "0", 'shape_output = "effort"', OFF),
        (None, None, 'shape_output = "effort"', EFFORT),
        (None, None, "shape_output = true", BRIEF),
        ("off", "1", "", OFF),
        ("effort", "0", "", EFFORT),
    ],
)
def test_what_is_nearer_counts(tmp_path, flag, variable, file, expected):
    assert _shaping(tmp_path, file, flag, HEADROOM_OUTPUT_SHAPER=variable) == expected


@pytest.mark.parametrize(
    ("variables", "file", "holdout", "hosts"),
    [
        ({}, "", 0.0, ()),
        ({"HEADROOM_OUTPUT_HOLDOUT": "0.1"}, "output_holdout = 0.5", 0.1, ()),
        ({}, "output_holdout = 0.5", 0.5, ()),
        ({}, 'effort_hosts = ["A.example"]', 0.0, ("a.example",)),
        ({"HEADROOM_EFFORT_HOSTS": "b.example, c"}, "", 0.0, ("b.example", "c")),
    ],
)
def test_holdout_and_hosts(tmp_path, variables, file, holdout, hosts):
    found = _shaping(tmp_path, file, "brief", **variables)
    assert (found.holdout, found.effort_hosts) == (holdout, hosts)


@pytest.mark.parametrize(
    ("variables", "file", "words"),
    [
        ({"HEADROOM_OUTPUT_SHAPER": "loud"}, "", "loud"),
        ({"HEADROOM_OUTPUT_HOLDOUT": "10%"}, "", "0.1"),
        ({"HEADROOM_OUTPUT_HOLDOUT": "1"}, "", "0.1"),
        ({}, "output_holdout = -1", "0.1"),
        ({}, 'effort_hosts = "x"', "list"),
        ({"HEADROOM_OUTPUT_SHAPER": "1", "HEADROOM_STORE": "0"}, "", "store"),
    ],
)
def test_what_makes_no_sense_is_said(tmp_path, variables, file, words):
    with pytest.raises(ConfigError, match=words):
        _shaping(tmp_path, file, None, **variables)


@pytest.mark.parametrize(
    ("arguments", "fine"),
    [
        (["--shape-output", "claude"], True),
        (["claude", "--shape-output"], True),
        (["--shape-output=effort", "claude"], True),
        (["claude", "--", "--shape-output=loud"], True),
        (["--shape-output=loud", "claude"], False),
    ],
)
def test_the_level_is_never_taken_from_the_next_word(tmp_path, monkeypatch, arguments, fine):
    agent = tmp_path / "claude"
    agent.write_text("#!/bin/sh\n")
    agent.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    assert (cli.run(["wrap", "--dry-run", *arguments]) == 0) is fine


def _shaping(tmp_path: Path, file: str, flag: str | None, **variables: Any) -> Shaping:
    environ = {name: value for name, value in variables.items() if value is not None}
    environ["HEADROOM_HOME"] = str(tmp_path)
    folder = config.load(None, environ={"HEADROOM_HOME": str(tmp_path)}).paths.config
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(file)
    return config.load(config.Flags(shape_output=flag), environ).shaping
