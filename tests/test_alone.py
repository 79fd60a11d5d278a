"""One at a time, on each platform's own locks."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from headroom_wrap import alone

HOLDS = """
import sys, time
from pathlib import Path
from headroom_wrap.alone import alone
with alone(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(60)
"""


def test_who_is_killed_lets_go(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "mine\n"
    waiting = subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE)
    time.sleep(0.5)
    assert waiting.poll() is None
    other.kill()
    other.communicate()
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.communicate(timeout=3)
    waiting.kill()
    assert waiting.communicate()[0] in (b"mine\n", b"")


def test_no_folder_no_lock(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), alone.alone(tmp_path / "none"):
        pass


def test_windows_locks_a_file_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    fake = ModuleType("msvcrt")
    fake.LK_LOCK = 1  # type: ignore[attr-defined]
    fake.locking = lambda descriptor, mode, count: calls.append((mode, count))  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "msvcrt", fake)
        patch.setattr(sys, "platform", "win32")
        importlib.reload(alone)
        with alone.alone(tmp_path):
            assert calls == [(1, 1)]
    importlib.reload(alone)
    assert (tmp_path / ".lock").exists()
