"""Files appear whole, stay what they were where that fails, and leave nothing beside them."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from headroom_wrap import atomic


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_new_file_is_private_and_an_old_one_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    atomic.write(file, b"one")
    assert (file.read_bytes(), _mode(file)) == (b"one", 0o600)
    file.chmod(0o640)
    atomic.write(file, b"two")
    assert (file.read_bytes(), _mode(file)) == (b"two", 0o640)
    atomic.write(file, b"three", 0o600)
    assert _mode(file) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_what_fails_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        atomic.write(folder, b"one")
    assert list(tmp_path.iterdir()) == [folder]


def test_threads_that_write_the_same_file_do_not_meet(tmp_path: Path) -> None:
    file, content = tmp_path / "original", os.urandom(1 << 20)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: atomic.write(file, content), range(100)))
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["config.toml", "9f3a1c2b", "a.b_c.log"])
def test_what_a_kill_leaves_is_known_by_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(os, "unlink", lambda path: None)
    monkeypatch.setattr(os, "replace", lambda part, file: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        atomic.write(tmp_path / name, b"")
    (left,) = tmp_path.iterdir()
    assert left.name != name
    assert atomic.target(left.name) == atomic.target(name) == name
