"""The interactive screens under `headroom wrap`: turns, signals, sizes, and the terminal after."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from headroom_wrap import marker
from tests.agents.bodies import results
from tests.agents.drivers import CLAUDE, CODEX, Driver
from tests.agents.runs import Run
from tests.agents.sandbox import Sandbox
from tests.agents.terminal import Terminal

_SIZE = re.compile(r"rows \d+; columns \d+")


def _claude_seen_before(box: Sandbox) -> None:
    """No welcome, no questions about the key and the folder."""
    seen = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "customApiKeyResponses": {"approved": [box.env["ANTHROPIC_API_KEY"][-20:]]},
        "projects": {str(box.work): {"hasTrustDialogAccepted": True}},
    }
    (box.home / ".claude.json").write_text(json.dumps(seen))


def _codex_seen_before(box: Sandbox) -> None:
    CODEX.login(box)
    trusted = f'[projects."{box.work}"]\ntrust_level = "trusted"\n'
    (box.home / ".codex/config.toml").write_text(trusted)


_CLAUDE = replace(CLAUDE, login=_claude_seen_before, ask=("--allowedTools", "Bash"))
_CODEX = replace(
    CODEX, login=_codex_seen_before, ask=("--dangerously-bypass-approvals-and-sandbox",)
)
_SHELL = re.compile(r"ready>\s*\Z")
_READY = {"claude": r"for shortcuts|▼ ", "codex": r"Ask Codex to do anything"}


@pytest.fixture(params=[_CLAUDE, _CODEX], ids=lambda driver: driver.name)
def driver(request: pytest.FixtureRequest) -> Driver:
    """The two agents whose screens are driven."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=[False, True], ids=["bare", "wrapped"])
def screen(
    request: pytest.FixtureRequest, driver: Driver, start: Callable[..., Run]
) -> tuple[Run, Terminal]:
    """The agent on the screen, ready for a prompt; the bare one shows that the test is right."""
    run = start(driver, wrapped=request.param)
    terminal = Terminal(run.box)
    terminal.line("stty -a > before")
    # Without us, Codex would leave a server behind.
    alone = ["--no-daemon"] if driver.agent == "codex" and not request.param else []
    terminal.command(run.command([*alone, *driver.ask]))
    terminal.wait_for(_READY[driver.name])
    return run, terminal


def test_a_session_on_the_screen(screen: tuple[Run, Terminal]) -> None:
    run, terminal = screen
    terminal.line("go [[S: bash ./list-rules --json | text all is done]]")
    terminal.wait_for(r"[●•] all is done")
    texts = [text for texts in results(run.model_calls()[-1]).values() for text in texts]
    assert any(marker.hashes(text) for text in texts) == run.wrapped

    terminal.keys("C-z")
    terminal.wait_for(r"Stopped[^\n]*\n(?:[^\n]*\n)?ready>")
    terminal.line("echo $((6 * 7)) lives")
    terminal.wait_for("42 lives")
    terminal.line("fg")
    terminal.wait_for(_READY[run.driver.name])

    terminal.resize(90, 30)
    terminal.line("more [[S: bash sleep 77 | text never]]")
    _until_running(run, "sleep 77")
    terminal.keys("C-c")
    terminal.wait_for(r"(?i)interrupted")

    _leave(terminal)
    terminal.line("echo code $?; stty -a > after; echo over")
    assert "code 0" in terminal.wait_for(r"\nover")
    before, after = ((run.box.work / name).read_text() for name in ("before", "after"))
    assert _SIZE.sub("", before) == _SIZE.sub("", after)
    assert not [line for line in run.box.alive() if run.driver.agent in line or "sleep" in line]


def _until_running(run: Run, command: str) -> None:
    for _ in range(50):
        if any(command in line for line in run.box.alive()):
            return
        time.sleep(0.1)
    pytest.fail(f"{command} was not started")


def _leave(terminal: Terminal) -> None:
    """Codex goes at the first Ctrl-C; Claude Code wants a second one soon after."""
    time.sleep(1)
    terminal.keys("C-c")
    time.sleep(0.6)
    if not _SHELL.search(terminal.screen()):
        terminal.keys("C-c")
    terminal.wait_for(_SHELL.pattern)
