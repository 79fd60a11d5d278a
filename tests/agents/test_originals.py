"""The ways back to an original, each taken by a real agent: its file, and the MCP server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.agents import bodies
from tests.agents.drivers import CLAUDE, CODEX, CODEX_HTTP, COPILOT, Driver
from tests.agents.runs import Run

_SERVER = ["-m", "headroom_wrap", "mcp", "serve"]
_LONG = "bash ./list-rules --json"


@pytest.mark.parametrize("driver", [CLAUDE, CODEX, CODEX_HTTP, COPILOT], ids=lambda d: d.name)
def test_the_file_in_the_marker_is_read_and_never_shortened(
    driver: Driver, start: Callable[..., Run]
) -> None:
    run = start(driver, wrapped=True)
    # Without permissions of its own: what we grant must do.
    if driver is CLAUDE:
        run.driver = replace(driver, ask=("-p", "--allowedTools=Bash(./list-rules:*),Bash(ls:*)"))
    ran = run.ask(f"go [[S: {_LONG} | bash ls -l @original | read @original | text all done]]")
    assert ran.code == 0, str(ran)
    texts = [text for each in bodies.results(run.model_calls()[-1]).values() for text in each]
    fetched = texts[-1]
    assert '"code": "AIR001"' in fetched, fetched[:500]
    assert "[headroom" not in fetched
    assert not list((run.box.folder / "headroom/run").glob("*"))


@pytest.mark.parametrize("driver", [CLAUDE, CODEX], ids=lambda d: d.name)
def test_the_mcp_server_gives_a_part_of_it(driver: Driver, start: Callable[..., Run]) -> None:
    run = start(driver, wrapped=True)
    run.driver = replace(driver, ask=(*driver.ask, *_given(run, driver)))
    ask = json.dumps({"hash": "@hash", "lines": "1-3"})
    ran = run.ask(f"go [[S: {_LONG} | mcp headroom_retrieve {ask} | text all done]]")
    assert ran.code == 0, str(ran)
    texts = [text for each in bodies.results(run.model_calls()[-1]).values() for text in each]
    assert "original_content" in texts[-1], [t[-300:] for t in texts]
    assert len(texts[-1]) < 1000


def _given(run: Run, driver: Driver) -> list[str]:
    """The server, for this run only."""
    env = {
        "HEADROOM_HOME": run.box.env["HEADROOM_HOME"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    if driver is CLAUDE:
        entry = {"command": sys.executable, "args": _SERVER, "env": env, "alwaysLoad": True}
        return ["--mcp-config", json.dumps({"mcpServers": {"headroom": entry}}), "--"]
    table = {"command": sys.executable, "args": _SERVER}
    pairs = [f"mcp_servers.headroom.{key}={json.dumps(value)}" for key, value in table.items()]
    pairs += [f"mcp_servers.headroom.env.{key}={json.dumps(each)}" for key, each in env.items()]
    return [part for pair in pairs for part in ("-c", pair)]
