"""The real Claude Code with the hook, and no proxy at all."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.agents.drivers import CLAUDE
from tests.agents.sandbox import Sandbox, permitted
from tests.library import talk


@pytest.mark.agent
def test_a_tool_loop_without_a_proxy(tmp_path: Path, need: Callable[[object, str], None]) -> None:
    need(CLAUDE.binary, "Claude Code is not installed: run .ci/install-agents")
    need(permitted(), "no namespaces on this machine")
    environ = {**CLAUDE.env, "HEADROOM_HOME": str(tmp_path / "headroom")}
    hook = [sys.executable, "-m", "headroom_wrap", "hook"]
    with Sandbox(tmp_path / "box") as box:
        CLAUDE.login(box)
        (box.work / "api.log").write_text(talk.LOG)
        assert box.run([*hook, "install"], environ).code == 0
        script = "[[S: bash sh -c 'tail -n 9999 api.log | tr a a' | text all done now]]"
        prompt = f"See heartbeat 317. {script}"
        ran = box.run([str(CLAUDE.binary), *CLAUDE.ask, prompt], environ, timeout=100)
        assert "all done now" in ran.out, ran
        sent = [each.body.decode() for each in box.requests() if each.model_call][-1]
        assert "headroom get" in sent
        assert "heartbeat 317 ok" in sent
        assert "heartbeat 201 ok" not in sent
        results = json.loads(sent)["messages"]
        assert len(json.dumps(results)) < len(talk.LOG)
        assert box.run([*hook, "uninstall"], environ).code == 0
        assert not (box.home / ".claude/settings.json").exists()
