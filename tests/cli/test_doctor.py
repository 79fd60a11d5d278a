"""`headroom doctor` and `headroom help`: sound on a fresh machine, and aware of what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_wrap import cli, ledger
from headroom_wrap.ledger import Row
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def examined() -> tuple[int, dict[str, dict[str, str]]]:
    command = [sys.executable, "-m", "headroom_wrap", "doctor", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    return done.returncode, {row["what"]: row for row in json.loads(done.stdout)}


def test_a_fresh_machine_is_sound():
    code, found = examined()
    assert code == 0
    assert [found[wire]["state"] for wire in ("anthropic", "openai_chat", "openai_responses")] == [
        "fine"
    ] * 3
    assert "shrank" in found["anthropic"]["words"]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "no proxy:::"])
def test_what_is_broken_is_said_with_the_next_step(home, monkeypatch, proxy):
    (home / "config/agents").mkdir(parents=True)
    (home / "config/agents/mine.toml").write_text('titel = "x"')
    folder = home / "data/ca/abc"
    folder.mkdir(parents=True)
    folder.joinpath("mitmproxy-ca.pem").write_text("not a certificate")
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    code, found = examined()
    assert code == 1
    broken = {what for what, row in found.items() if row["state"] == "broken"}
    assert broken == {"profile mine", "network", "authority"}
    assert all(found[what]["next"] for what in broken)


def test_a_place_that_cannot_be_written_is_said(home):
    """Before the first session is, with an error."""
    home.write_text("a file")
    code, found = examined()
    assert code == 1
    assert str(home) in found["store"]["words"]
    assert "HEADROOM_HOME" in found["store"]["next"]


def test_a_model_that_is_gone_is_said(home):
    (home / "config").mkdir(parents=True)
    (home / "config/config.toml").write_text("model = 'gone'")
    command = [sys.executable, "-m", "headroom_wrap", "doctor"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0
    assert "no model `gone` on this machine: the shipped one is used" in done.stdout
    assert "headroom model use kompress-mini" in done.stdout


def test_a_damaged_store_is_built_anew(home):
    batch = Batch()
    name = batch.put_original("kept\n" * 50, Origin("Bash", "ls"))
    store = Store(home / "data/store")
    store.write(batch)
    store.close()
    with (home / "data/store/data.mdb").open("r+b") as file:
        file.write(bytes(8192))
    code, found = examined()
    assert code == 0
    assert found["store"]["state"] == "odd"
    assert "damaged.mdb" in found["store"]["next"]
    store = Store(home / "data/store")
    assert store.original(name)
    store.close()
    subprocess.run([sys.executable, "-m", "headroom_wrap", "clear", "--all"], check=True)
    assert not (home / "data/store/damaged.mdb").exists()


def test_a_broken_prefix_is_not_hidden(home):
    store = Store(home / "data/store")
    batch = Batch()
    row = Row(
        at=ledger.now(),
        session="s",
        agent="claude",
        project="/p",
        wire="anthropic",
        model="m",
        status=200,
        broken=2,
    )
    ledger.append(batch, row)
    store.write(batch)
    store.close()
    code, found = examined()
    assert code == 1
    assert found["prompt cache"]["words"].startswith("1 of 1 requests")


@pytest.mark.parametrize("topic", ["environment", "exit-codes", "levels"])
def test_topics(topic, capsys, home):
    assert cli.run(["help", topic]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 8


def test_an_unknown_topic(capsys):
    assert cli.run(["help", "levelz"]) == 2
    assert "environment, exit-codes, levels" in capsys.readouterr().err


def test_the_demo_saves(capsys):
    assert cli.run(["demo", "--once"]) == 0
    assert "saved" in capsys.readouterr().out
