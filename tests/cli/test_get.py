"""`headroom get`: a whole original, a part of it, and words about one that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom_wrap import cli, ledger
from headroom_wrap.ledger import Row, Shown
from headroom_wrap.original import digest
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Origin

TEXT = "".join(f"line {n} of the \udc80 log\r\n" for n in range(1, 501))


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / "home/data/store")
    batch = Batch()
    name = batch.put_original(TEXT, Origin("Bash", "make"), str(tmp_path))
    shown = Shown(digest("gone"), "Bash", "cargo test", "log", "shortened", 900, 90)
    row = Row(
        at=ledger.now() - 7200,
        session="s",
        agent="claude",
        project=str(tmp_path),
        wire="anthropic",
        model="m",
        status=200,
        new=[shown],
    )
    ledger.append(batch, row)
    store.write(batch)
    store.close()
    return name


def printed(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, bytes, str]:
    code = cli.run(["get", *arguments])
    out, err = capfdbinary.readouterr()
    return code, out, err.decode()


def test_the_whole_original_byte_for_byte(name, capfdbinary):
    code, out, _ = printed(capfdbinary, name[:8])
    assert (code, out) == (0, TEXT.encode("utf-8", "surrogatepass"))


def test_a_part_costs_less_than_a_twentieth(name, capfdbinary):
    _, out, _ = printed(capfdbinary, name[:8], "--grep", "line 25[0-9]", "-C", "1")
    assert out.count(b"\n") == 12
    assert len(out) < 0.05 * len(TEXT)


def test_lines(name, capfdbinary):
    _, out, _ = printed(capfdbinary, name[:8], "--lines", "499-")
    assert out.startswith(b"line 499 of")
    assert out.count(b"\n") == 2


def test_one_that_is_gone_is_told_apart_from_one_that_never_was(name, capfdbinary):
    code, _, said = printed(capfdbinary, digest("gone")[:8])
    assert code == 1
    assert "`cargo test` 2 hours ago" in said
    assert "get it again with: cargo test" in said
    assert "no marker of ours" in printed(capfdbinary, "0" * 8)[2]


def test_originals_of_other_projects_stay_there(name, capfdbinary, tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert printed(capfdbinary, name[:8])[0] == 0
    monkeypatch.chdir("/")
    code, out, said = printed(capfdbinary, name[:8])
    assert (code, out) == (1, b"")
    assert "another project" in said
    assert printed(capfdbinary, name[:8], "--anywhere")[0] == 0


@pytest.mark.parametrize("wrong", [("--lines", "x"), ("--grep", "("), ("--jq", ".a[")])
def test_a_part_that_cannot_be_understood(name, capfdbinary, wrong):
    code, out, said = printed(capfdbinary, name[:8], *wrong)
    assert (code, out) == (2, b"")
    assert said.startswith("headroom: ")


def test_no_store_is_made_to_look_into_one(tmp_path, monkeypatch, capfdbinary):
    monkeypatch.setenv("HEADROOM_HOME", str(tmp_path / "home"))
    code, out, err = printed(capfdbinary, "deadbeef")
    assert code != 0
    assert out == b""
    assert "no original 'deadbeef'" in err
    assert not (tmp_path / "home").exists()
