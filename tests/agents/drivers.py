"""How each real agent is found, logged in, asked, and asked again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.agents.sandbox import Sandbox

_CACHE = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
FOLDER = Path(os.environ.get("HEADROOM_TEST_AGENTS") or Path(_CACHE) / "headroom-test-agents")
PLACES = (FOLDER / "node_modules/.bin", FOLDER / "aider/bin")


@dataclass(frozen=True)
class Driver:
    """One agent in one way of talking to its model."""

    name: str
    agent: str
    """The command, and the name that `headroom wrap` knows."""
    host: str
    """The host its model calls go to."""
    ask: tuple[str, ...]
    """Arguments before the prompt of a first run."""
    again: tuple[str, ...]
    """Arguments before the prompt of a run that goes on with the last session."""
    env: Mapping[str, str] = field(default_factory=dict)
    login: Callable[[Sandbox], None] = lambda box: None
    websockets: bool = True

    @property
    def binary(self) -> Path | None:
        """Where the command is installed, None if it is not."""
        places = (place / self.agent for place in PLACES)
        return next((place for place in places if place.exists()), None)


def _codex_key(box: Sandbox) -> None:
    folder = box.home / ".codex"
    folder.mkdir()
    (folder / "auth.json").write_text(json.dumps({"OPENAI_API_KEY": "sk-fake"}))


_CLAUDE = ("-p", "--dangerously-skip-permissions")
_CODEX = ("exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox")
_COPILOT = ("--allow-all-tools", "-p")
_COPILOT_ENV = {"COPILOT_GITHUB_TOKEN": "gho_" + "fake" * 9, "COPILOT_AUTO_UPDATE": "false"}

CLAUDE = Driver(
    name="claude",
    agent="claude",
    host="api.anthropic.com",
    ask=_CLAUDE,
    again=(*_CLAUDE, "-c"),
    # As root Claude Code refuses to skip permissions outside a sandbox.
    env={"ANTHROPIC_API_KEY": "sk-ant-api03-fake", "IS_SANDBOX": "1"},
)
CODEX = Driver(
    name="codex",
    agent="codex",
    host="api.openai.com",
    ask=_CODEX,
    again=(*_CODEX, "resume", "--last"),
    login=_codex_key,
)
CODEX_HTTP = Driver(
    name="codex-http",
    agent="codex",
    host="api.openai.com",
    ask=(*_CODEX, "-m", "gpt-5.5"),
    again=(*_CODEX, "-m", "gpt-5.5", "resume", "--last"),
    login=_codex_key,
    websockets=False,
)
COPILOT = Driver(
    name="copilot",
    agent="copilot",
    host="api.individual.githubcopilot.com",
    ask=_COPILOT,
    again=("--continue", *_COPILOT),
    env=_COPILOT_ENV,
)
COPILOT_GPT = Driver(
    name="copilot-gpt",
    agent="copilot",
    host="api.individual.githubcopilot.com",
    ask=("--model", "gpt-5.5", *_COPILOT),
    again=("--model", "gpt-5.5", "--continue", *_COPILOT),
    env=_COPILOT_ENV,
)
TOOL_AGENTS = (CLAUDE, CODEX, CODEX_HTTP, COPILOT, COPILOT_GPT)

AIDER = Driver(
    name="aider",
    agent="aider",
    host="api.openai.com",
    ask=(
        *("--model", "openai/gpt-4o", "--no-git", "--yes-always", "--no-check-update"),
        # Long enough that aider never asks the model to sum its history up.
        *("--max-chat-history-tokens", "100000"),
        *("--analytics-disable", "--no-show-model-warnings", "--no-pretty", "--no-fancy-input"),
    ),
    again=(),
    env={"OPENAI_API_KEY": "sk-fake"},
)
