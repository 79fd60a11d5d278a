"""Logs and crash reports say where something went wrong, never what was being read."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from headroom_wrap import cli, policy
from headroom_wrap.errors import StoreError, traced
from headroom_wrap.launch import logs
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.proxy.fail_open import fail_open
from headroom_wrap.store import ephemeral
from tests.pipeline.talk import Talk, log

WORD = "canary-5b1e77"


def failing(*_: object) -> None:
    try:
        raise ValueError(f"cannot read {WORD}")
    except ValueError as problem:
        raise KeyError(WORD) from problem


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Our log, as a wrap and a proxy keep it."""
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    logs.to_file(tmp_path / "headroom.log")
    yield tmp_path / "headroom.log"  # type: ignore[misc]
    for added in set(root.handlers) - set(before):
        root.removeHandler(added)
        added.close()


def test_an_error_tells_its_places_and_kinds():
    with pytest.raises(KeyError) as caught:
        failing()
    told = traced(caught.value)
    assert WORD not in told
    assert told.index("builtins.ValueError") < told.index("builtins.KeyError")
    assert told.count("in failing") == 2


def test_what_fails_open(file):
    with fail_open("a request is sent as it is"):
        failing()
    said = file.read_text()
    assert WORD not in said
    assert "a request is sent as it is" in said
    assert "in failing" in said


def test_what_fails_while_judging(file, monkeypatch):
    monkeypatch.setattr(policy, "protected", failing)
    talk = Talk()
    talk.result(f"{log(300)}{WORD}", command=f"make {WORD}")
    store = ephemeral()
    assert not talk.send(Pipeline(store, Judge(), Situation())).changed
    store.close()
    said = file.read_text()
    assert WORD not in said
    assert "in failing" in said


def test_what_other_libraries_say(file):
    """Theirs may be a whole header: only the place is taken."""
    other = logging.getLogger("aiohttp.server")
    other.error("Error handling request: %r", f"x-api-key: {WORD}")
    try:
        failing()
    except KeyError:
        other.exception("Invalid header: %s", WORD)
    said = file.read_text()
    assert WORD not in said
    assert said.count("aiohttp.server: ERROR at ") == 2
    assert "builtins.KeyError" in said
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_crash_report(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path))
    monkeypatch.setattr("headroom_wrap.config.load", _once_failing())
    assert cli.run(["agents"]) == 1
    said = capsys.readouterr().err
    report = tmp_path / "data" / "crash.log"
    assert str(report) in said
    assert "in failing" in report.read_text()
    assert WORD not in said + report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


def _once_failing() -> object:
    from headroom_wrap import config

    real, calls = config.load, []

    def load(*words: object) -> object:
        calls.append(words)
        return failing() if len(calls) == 1 else real()

    return load


def test_a_crash_that_cannot_be_reported_is_told(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("HEADROOM_HOME", str(blocked / "under"))
    monkeypatch.setattr("headroom_wrap.config.load", _once_failing())
    assert cli.run(["agents"]) == 1
    said = capsys.readouterr().err
    assert "in failing" in said
    assert WORD not in said


def test_errors_of_ours_are_told_in_full(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path))
    monkeypatch.setattr("headroom_wrap.config.load", _raising)
    assert cli.run(["agents"]) == 1
    assert "headroom: the disk is full\n  free some" in capsys.readouterr().err


def _raising(*_: object) -> None:
    raise StoreError("the disk is full", "free some")
