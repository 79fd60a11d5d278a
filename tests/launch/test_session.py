"""What stays behind of a session that could not begin: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from headroom_wrap.errors import Exit

PROFILE = """
title = "Mine"
command = "true"
install = "-"
hosts = ["model.example"]
wires = ["anthropic"]
"""


def test_a_session_that_cannot_begin_leaves_no_folder_of_originals(tmp_path: Path) -> None:
    (tmp_path / "config/agents").mkdir(parents=True)
    (tmp_path / "config/agents/mine.toml").write_text(PROFILE)
    environ = {**os.environ, "HEADROOM_HOME": str(tmp_path), "HTTPS_PROXY": "socks5://127.0.0.1:9"}
    command = [sys.executable, "-m", "headroom_wrap", "wrap", "mine"]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (ended.returncode, "cannot go through" in ended.stderr) == (Exit.OWN_FAILURE, True)
    assert list((tmp_path / "run").iterdir()) == []
