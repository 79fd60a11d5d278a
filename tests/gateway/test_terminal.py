"""In a terminal the proxy shows the dashboard, and ends with it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest


def _read(screen: int, word: bytes, seconds: float = 30) -> bytes:
    seen, end = b"", time.monotonic() + seconds
    while word not in seen and time.monotonic() < end:
        if select.select([screen], [], [], 0.2)[0]:
            seen += os.read(screen, 1 << 16)
    return seen


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_quitting_the_dashboard_ends_the_proxy(tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    environ = {**os.environ, "HEADROOM_HOME": str(tmp_path), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "headroom_wrap", "proxy", "--port", "0"]
    process = subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, env=environ
    )
    os.close(terminal)
    try:
        # The alternate screen is the dashboard's.
        said = _read(screen, b"\x1b[?1049h")
        assert b"listening on" in said
        assert b"\x1b[?1049h" in said
        _read(screen, b"never", 1)
        os.write(screen, b"q")
        assert b"\x1b[?1049l" in _read(screen, b"\x1b[?1049l")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(screen)
