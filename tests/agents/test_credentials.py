"""Agents hand on the name and the secret in HTTPS_PROXY: the proxy need not look for its parents.

In front of `headroom proxy --forward-port`: it has no children, so that every agent is a stranger.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from headroom_wrap.launch.plan import Route, variables
from headroom_wrap.profiles import load
from tests.agents.drivers import AIDER, CODEX, TOOL_AGENTS, Driver
from tests.agents.runs import Run

_PORT, _TOKEN = "18080", "t0ken-of-this-proxy"
_PROMPT = "Say it. [[S: text all done]]"


@pytest.mark.parametrize("driver", [*TOOL_AGENTS, AIDER], ids=lambda driver: driver.name)
def test_they_say_who_they_are(driver: Driver, start: Callable[..., Run], tmp_path: Path) -> None:
    run = start(driver, wrapped=False)
    upstream = f"{driver.host}=http://127.0.0.1:{run.box.port}"
    command = [sys.executable, "-m", "headroom_wrap", "proxy", "--port", "0"]
    command += ["--forward-port", _PORT, "--upstream", upstream]
    with run.box.start(command, {"HEADROOM_TOKEN": _TOKEN}) as proxy:
        trust = _trust(proxy, run)
        route = Route(f"http://headroom:{_TOKEN}@127.0.0.1:{_PORT}", trust, trust, str(tmp_path))
        run.box.env |= variables(load(driver.agent, tmp_path), run.box.env, route)
        ran = run.ask(_PROMPT) if driver is not AIDER else run.type([_PROMPT])
        proxy.terminate()
    assert ran.code == 0, ran
    calls = [seen for seen in run.box.requests() if seen.model_call]
    assert {seen.facts["door"] for seen in calls} == {"plain"}, ran
    assert driver is not CODEX or "WS" in {seen.facts["method"] for seen in calls}


def _trust(proxy: subprocess.Popen[str], run: Run) -> Path:
    """What the agent is to trust: our authority, and for what is tunnelled the fake's."""
    assert proxy.stderr is not None
    lines = iter(proxy.stderr.readline, "")
    found = (re.search(r"clients must trust (\S+),", line) for line in lines)
    ours = next(Path(each[1]) for each in found if each)
    both = run.box.folder / "both.pem"
    both.write_bytes(ours.read_bytes() + (run.box.log / "ca.pem").read_bytes())
    return both
