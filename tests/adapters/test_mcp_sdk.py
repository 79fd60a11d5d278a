"""The MCP server, as the official SDK's client sees it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.adapters.conftest import Need

_CLIENT = Path(__file__).with_name("mcp_client.py")


def test_the_official_client_uses_all_tools(environment: Need, tmp_path: Path) -> None:
    env = {**os.environ, "HEADROOM_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [environment("mcp"), str(_CLIENT)], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "names": ["headroom_compress", "headroom_retrieve", "headroom_stats"],
        "shorter": True,
        "same": True,
        "part": '"worker-7"\n',
        "none": True,
        "compressions": 1,
    }
