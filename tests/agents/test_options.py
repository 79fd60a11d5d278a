"""What a user can ask of `headroom wrap`: only to watch, to stand aside, to say what it does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.agents import bodies, story
from tests.agents.drivers import CLAUDE, CODEX, Driver
from tests.agents.runs import Run
from tests.fake.record import Seen

_BOTH = pytest.mark.parametrize("driver", [CLAUDE, CODEX], ids=lambda driver: driver.name)


@_BOTH
def test_observing_changes_no_byte(driver: Driver, start: Callable[..., Run]) -> None:
    bare = story.tell(start(driver, wrapped=False))
    watched = story.tell(start(driver, wrapped=True, options=("--observe",)))
    assert {call.facts["door"] for call in watched.calls} == {"plain"}
    for ours, theirs in zip(watched.calls, bare.calls, strict=True):
        assert bodies.skeleton(ours) == bodies.skeleton(theirs)
        assert _lines(ours) == _lines(theirs)
    assert "token" in watched.first.err


@_BOTH
def test_switched_off_it_is_not_there(driver: Driver, start: Callable[..., Run]) -> None:
    run = start(driver, wrapped=True)
    run.box.env["HEADROOM_OFF"] = "1"
    ran = run.ask("go [[S: bash ./list-rules --json | text all done]]")
    assert ran.code == 0, str(ran)
    assert {call.facts["door"] for call in run.model_calls()} == {"tls"}
    assert not (run.box.folder / "headroom").exists()


@_BOTH
def test_a_dry_run_starts_nothing_and_shows_no_secret(
    driver: Driver, start: Callable[..., Run]
) -> None:
    run = start(driver, wrapped=True, options=("--dry-run",))
    secrets = [value for name, value in driver.env.items() if "KEY" in name]
    ran = run.ask("go")
    assert ran.code == 0, str(ran)
    assert driver.agent in ran.out
    assert run.box.requests() == []
    assert not [secret for secret in secrets if secret in ran.out + ran.err]


@pytest.mark.parametrize("arguments", [["--version"], ["--no-such-option"], ["-p"]])
def test_the_exit_code_is_the_agents(arguments: list[str], start: Callable[..., Run]) -> None:
    bare = start(CLAUDE, wrapped=False)
    alone = bare.box.run(bare.command(arguments))
    run = start(CLAUDE, wrapped=True)
    ours = run.box.run(run.command(arguments))
    assert (ours.code, ours.out) == (alone.code, alone.out)
    assert ours.err.startswith(alone.err.rstrip())


def _lines(call: Seen) -> list[list[str]]:
    # Agents' own parallel searches print in any order.
    texts = [text for each in bodies.results(call).values() for text in each]
    return [sorted(bodies.steady(text).splitlines()) for text in texts]
