"""The status line: as the agent's shell runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from headroom_wrap import statusline
from headroom_wrap.ledger import sums
from headroom_wrap.ledger.total import FIELDS
from headroom_wrap.statusline import reading
from headroom_wrap.store import Store
from tests.ledger.test_sums import put, row

PROGRAM = [sys.executable, str(Path(statusline.__file__).with_name("__main__.py"))]
HEAVY = ("msgspec", "typer", "rich", "zstandard", "click", "dataclasses")


def shown(*arguments: str, folder: Path, given: str = "{}") -> str:
    done = subprocess.run(
        [*PROGRAM, *arguments], input=given, capture_output=True, text=True, check=True, cwd=folder
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def folder(tmp_path):
    store = Store(tmp_path / "store")
    put(store, row(), row(session="seen", observed=True), row(session="bad", broken=2))
    store.close()
    return str(tmp_path / "store")


def test_it_tells_of_its_own_session(folder, tmp_path):
    line = shown(folder, "one", folder=tmp_path)
    assert line == "▼ 900 tokens · 4 % · $0.0030 · cache 98 %\n"


def test_it_says_when_nothing_is_changed_and_when_a_prefix_broke(folder, tmp_path):
    assert "observed" in shown(folder, "seen", folder=tmp_path)
    assert "! 2 prefix breaks" in shown(folder, "bad", folder=tmp_path)


@pytest.mark.parametrize("session", ["nobody", "", "日本語"])
def test_nothing_sent_yet(folder, tmp_path, session):
    assert shown(folder, session, folder=tmp_path) == "▼ headroom: nothing sent yet\n"


def test_without_a_store(tmp_path):
    assert "nothing sent yet" in shown(str(tmp_path / "none"), "one", folder=tmp_path)


def test_a_store_that_is_none(tmp_path):
    (tmp_path / "data.mdb").write_text("rubbish" * 1000)
    assert "cannot be read" in shown(str(tmp_path), "one", folder=tmp_path)


def test_the_users_own_line_gets_the_same_input_and_stands_below(folder, tmp_path):
    line = shown(folder, "one", "cat; exit 3", folder=tmp_path, given='{"model": "m"}')
    assert line.endswith('cache 98 %\n{"model": "m"}')


def test_files_in_the_working_directory_are_not_imported(folder, tmp_path):
    for name in ("lmdb.py", "struct.py", "headroom_wrap.py"):
        (tmp_path / name).write_text("raise SystemExit('hijacked')")
    assert "cache" in shown(folder, "one", folder=tmp_path)


def test_nothing_heavy_is_imported():
    code = (
        f"import headroom_wrap.statusline.own, sys; print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_reads_what_the_ledger_writes():
    names = "before after input cache_read priced saved broken lost".split()
    places = [getattr(reading, f"_{name.upper()}") for name in names]
    assert [FIELDS[place] for place in places] == names
    for observed, prefix in reading._KEYS.items():
        assert prefix + b"name" == sums.key("session", 0, "name", observed)
