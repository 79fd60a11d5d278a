"""What Claude Code shows below its prompt: our line, and the user's own under it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.agents.runs import Run
from tests.agents.terminal import Terminal
from tests.agents.test_tui import _CLAUDE


@pytest.mark.parametrize("given", [True, False], ids=["an option", "a file"])
def test_the_users_line_stands_below_ours(start: Callable[..., Run], given: bool) -> None:
    run = start(_CLAUDE, wrapped=True)
    own = {"statusLine": {"type": "command", "command": "read -r x; echo mine ${#x}"}}
    arguments = ["--settings", json.dumps(own)] if given else []
    if not given:
        (run.box.home / ".claude").mkdir(exist_ok=True)
        (run.box.home / ".claude/settings.json").write_text(json.dumps(own))
    terminal = Terminal(run.box)
    terminal.command(run.command([*arguments, *_CLAUDE.ask]))
    terminal.wait_for(r"▼ headroom: nothing sent yet\s*\n\s*mine \d{3}")
    terminal.line("go [[S: bash ./list-rules --json | text all is done]]")
    terminal.wait_for(r"[●•] all is done")
    terminal.wait_for(r"▼ [\d.]+k tokens · \d+ %[^\n]*\n\s*mine \d{3}")
