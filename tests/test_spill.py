from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time

import pytest

from headroom_wrap.errors import StoreError
from headroom_wrap.original import digest
from headroom_wrap.spill import Spill, folder_name, live_since, sweep

TEXT = "line\n\ud800\0 é"
NAME = digest(TEXT)


def test_an_original_lies_at_its_path_and_is_private(tmp_path):
    spill = Spill(tmp_path / "root", "/work")
    spill.put(NAME, TEXT)
    path = spill.path(NAME)
    with open(path, "rb") as file:
        assert file.read().decode("utf-8", "surrogatepass") == TEXT
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    for folder in (tmp_path / "root", spill.folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_path_depends_on_the_project_alone(tmp_path):
    first, again, other = (Spill(tmp_path, project) for project in ("/a", "/a", "/b"))
    assert first.path(NAME) == again.path(NAME) != other.path(NAME)


def test_projects_whose_names_meet_do_not_share_a_folder(tmp_path):
    names: dict[str, str] = {}
    for number in range(100_000):
        project = f"/work/{number}"
        one = names.setdefault(folder_name(project), project)
        if one != project:
            break
    first, other = Spill(tmp_path, one), Spill(tmp_path, project)
    first.put(NAME, TEXT)
    assert first.folder.name == folder_name(project) != other.folder.name
    assert not os.path.exists(other.path(NAME))
    assert Spill(tmp_path, one).path(NAME) == first.path(NAME)
    assert Spill(tmp_path, project).path(NAME) == other.path(NAME)
    assert list(live_since(tmp_path)) == [folder_name(project)]
    first.close()
    # Nobody is there any more: the short name is free.
    assert Spill(tmp_path, project).folder == first.folder


def test_nothing_is_left_when_the_last_session_ends(tmp_path):
    spill = Spill(tmp_path / "root", "/work")
    spill.put(NAME, TEXT)
    spill.close()
    assert list((tmp_path / "root").iterdir()) == []


CHILD = """
import sys, time
from pathlib import Path
from headroom_wrap.spill import Spill
spill = Spill(Path(sys.argv[1]), "/work")
spill.put("0" * 32, "theirs")
print("ready", flush=True)
time.sleep(60)
"""


def test_a_folder_in_use_stays_and_a_killed_session_is_swept(tmp_path):
    other = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    mine = Spill(tmp_path, "/work")
    mine.close()
    assert os.path.exists(mine.path("0" * 32))
    other.kill()
    other.wait()
    other.stdout.close()
    long_ago = time.time() - 3600
    # It died while it wrote.
    (mine.folder / ".0123abcd.k_9x2a7q").touch()
    os.utime(mine.folder, (long_ago, long_ago))
    sweep(tmp_path)
    assert not mine.folder.exists()


def test_what_somebody_else_put_there_stays(tmp_path):
    """HEADROOM_HOME may name a folder with things in it."""
    kept = [
        tmp_path / "work" / "notes",
        tmp_path / "beef" / "notes",
        tmp_path / "0123" / "cafebabe",
    ]
    for file in kept:
        file.parent.mkdir()
        file.write_text("mine")
    (tmp_path / "abcd").symlink_to(tmp_path / "work")
    Spill(tmp_path, "/work").close()
    # The last one looks like a session's that was killed.
    assert [file.exists() for file in kept] == [True, True, False]
    assert (tmp_path / "abcd").is_symlink()


def test_a_folder_that_was_cleaned_away_under_a_session_is_made_anew(tmp_path):
    spill = Spill(tmp_path / "root", "/work")
    shutil.rmtree(tmp_path / "root")
    spill.put(NAME, TEXT)
    assert stat.S_IMODE((tmp_path / "root").stat().st_mode) == 0o700
    assert os.path.exists(spill.path(NAME))
    assert list(live_since(tmp_path / "root")) == [spill.folder.name]


def test_sessions_that_start_and_end_at_once_do_not_trip_over_each_other(tmp_path):
    script = (
        "import sys; from pathlib import Path; from headroom_wrap.spill import *\n"
        "for n in range(100):\n"
        "    one = Spill(Path(sys.argv[1]), sys.argv[2] * (n % 2))\n"
        "    live_since(Path(sys.argv[1]))\n"
        "    one.close()\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), name], stderr=subprocess.PIPE, text=True
        )
        for name in "abcd"
    ]
    assert [run.communicate()[1] for run in runs] == [""] * 4


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "root").symlink_to(tmp_path / "real")
    with pytest.raises(StoreError, match="not a folder of yours"):
        Spill(tmp_path / "root", "/work")
