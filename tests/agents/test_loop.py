"""`headroom wrap AGENT` as the model and the user see it, beside the bare agent."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from headroom_wrap import marker, tokens
from tests.agents import bodies, story
from tests.agents.drivers import TOOL_AGENTS, Driver
from tests.agents.runs import Run
from tests.agents.story import Story
from tests.fake.record import Seen


@pytest.fixture(scope="module", params=TOOL_AGENTS, ids=lambda driver: driver.name)
def driver(request: pytest.FixtureRequest) -> Driver:
    """Each agent in each of its ways of talking."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def bare(driver: Driver, start: Callable[..., Run]) -> Story:
    """The agent on its own."""
    return story.tell(start(driver, wrapped=False))


@pytest.fixture(scope="module")
def wrapped(bare: Story, driver: Driver, start: Callable[..., Run]) -> Story:
    """The same under `headroom wrap`."""
    return story.tell(start(driver, wrapped=True))


def test_the_bare_agent_plays_the_script(bare: Story) -> None:
    assert bare.first.code == bare.second.code == 0, f"{bare.first}\n{bare.second}"
    assert "all done" in bare.first.out
    assert "done again" in bare.second.out
    assert len(bodies.results(bare.calls[-1])) == 4
    assert [call.facts["status"] for call in bare.calls] == [200] * len(bare.calls)


def test_the_agent_notices_nothing(bare: Story, wrapped: Story) -> None:
    for ours, theirs in ((wrapped.first, bare.first), (wrapped.second, bare.second)):
        assert (ours.code, ours.hung) == (theirs.code, False), str(ours)
        assert ours.out == theirs.out
    assert wrapped.alive == bare.alive == []


def test_no_model_call_goes_past_us(bare: Story, wrapped: Story) -> None:
    assert {call.facts["door"] for call in bare.calls} == {"tls"}
    assert {call.facts["door"] for call in wrapped.calls} == {"plain"}
    assert wrapped.names <= bare.names


def test_results_arrive_shortened(bare: Story, wrapped: Story) -> None:
    full, sent = (_texts(told.calls[told.resumed - 1]) for told in (bare, wrapped))
    shorter = [
        (tokens.count(ours), tokens.count(original))
        for ours, original in zip(sent, full, strict=True)
        if ours != original
    ]
    # JSON, log and search: one each.
    assert len(shorter) == 3, shorter
    assert all(ours < 0.8 * original for ours, original in shorter), shorter


def test_only_results_with_a_marker_differ(bare: Story, wrapped: Story) -> None:
    for ours, theirs in zip(wrapped.calls, bare.calls, strict=True):
        for text, original in zip(_texts(ours), _texts(theirs), strict=True):
            assert text == original or marker.hashes(text)
        assert bodies.skeleton(ours) == bodies.skeleton(theirs)


def test_what_was_sent_once_is_sent_again_unchanged(wrapped: Story) -> None:
    sent: dict[str, list[str]] = {}
    for call in wrapped.calls:
        for name, texts in bodies.results(call).items():
            assert sent.setdefault(name, texts) == texts
    for turns in (wrapped.calls[: wrapped.resumed], wrapped.calls[wrapped.resumed :]):
        for before, after in pairwise(bodies.items(call) for call in turns):
            assert after[: len(before)] == before


def test_the_cache_is_read_as_far_as_without_us(bare: Story, wrapped: Story) -> None:
    for ours, theirs in zip(wrapped.calls, bare.calls, strict=True):
        assert bool(_cached(ours)) == bool(_cached(theirs))
        # Providers count cached tokens in steps of 128.
        assert _fresh(ours) < _fresh(theirs) + 128


def test_nothing_stays_in_home(bare: Story, wrapped: Story) -> None:
    assert wrapped.files <= bare.files


def test_the_exit_line_says_what_was_saved(wrapped: Story) -> None:
    for run in (wrapped.first, wrapped.second):
        last = [line for line in run.err.splitlines() if line.strip()][-1]
        assert "token" in last, run.err


def _texts(call: Seen) -> list[str]:
    return [bodies.steady(text) for texts in bodies.results(call).values() for text in texts]


def _cached(call: Seen) -> int:
    usage = call.facts["usage"]
    return int(
        usage.get("cache_read_input_tokens")
        or (usage.get("input_tokens_details") or {}).get("cached_tokens")
        or 0
    )


def _fresh(call: Seen) -> int:
    usage = call.facts["usage"]
    written = usage.get("cache_creation_input_tokens")
    return int(usage["input_tokens"]) + (written if written is not None else -_cached(call))
