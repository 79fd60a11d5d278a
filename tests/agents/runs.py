"""Runs an agent bare or wrapped, and says what reached the model."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import h11

from tests.agents.drivers import PLACES, Driver
from tests.agents.sandbox import Ran, Sandbox
from tests.fake.record import Seen

_WORK = Path(__file__).parent / "work"
_PATIENCE = 90.0


@dataclass
class Run:
    """One agent in one sandbox."""

    box: Sandbox
    driver: Driver
    wrapped: bool
    options: tuple[str, ...] = ()

    def command(self, arguments: Sequence[str]) -> list[str]:
        """The agent's command line, with ours in front of it when wrapped."""
        if not self.wrapped:
            return [self.driver.agent, *arguments]
        upstream = f"{self.driver.host}=http://127.0.0.1:{self.box.port}"
        ours = [sys.executable, "-m", "headroom_wrap", "wrap", self.driver.agent]
        return [*ours, "--upstream", upstream, *self.options, "--", *arguments]

    def type(self, lines: Sequence[str], timeout: float = _PATIENCE) -> Ran:
        """A run whose prompts come over standard input, a line each."""
        command = self.command(self.driver.ask)
        return self.box.run(command, stdin="".join(f"{line}\n" for line in lines), timeout=timeout)

    def ask(self, prompt: str, timeout: float = _PATIENCE) -> Ran:
        """A first run with this prompt."""
        return self.box.run(self.command([*self.driver.ask, prompt]), timeout=timeout)

    def again(self, prompt: str, timeout: float = _PATIENCE) -> Ran:
        """A run that goes on with the last session."""
        return self.box.run(self.command([*self.driver.again, prompt]), timeout=timeout)

    def model_calls(self) -> list[Seen]:
        """Requests of the main loop, in order: those that offer the model tools or follow them."""
        return [
            seen
            for seen in self.box.requests()
            if seen.model_call and (seen.facts["wire"] != "anthropic" or seen.json.get("tools"))
        ]


def sandbox(folder: Path, driver: Driver) -> Sandbox:
    """A sandbox with the sources and programs that the scripts use, and the agent logged in."""
    places = ":".join(str(place) for place in PLACES)
    box = Sandbox(folder, driver.websockets)
    box.env = {
        "PATH": f"{places}:/usr/local/bin:/usr/bin:/bin",
        "HEADROOM_HOME": str(folder / "headroom"),
        # As on any machine, originals lie where temporary files do.
        "TMPDIR": str(folder),
        **driver.env,
    }
    shutil.copytree(_WORK, box.work)
    sources = Path(h11.__file__).parent
    shutil.copytree(sources, box.work / "src", ignore=shutil.ignore_patterns("__pycache__"))
    box.home.mkdir()
    driver.login(box)
    return box
