"""`--shape-output` with real agents: one sentence more, where it stood first, over ten turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from headroom_wrap.shaper.sentence import LATEST, SENTENCES
from tests.agents import bodies
from tests.agents.drivers import CLAUDE, CODEX, CODEX_HTTP, COPILOT_GPT, Driver
from tests.agents.runs import Run
from tests.fake.record import Seen

# Twelve turns, bare and wrapped.
pytestmark = pytest.mark.timeout(400)
_TURNS = " | ".join(f"bash echo step {turn}" for turn in range(9))
_FIRST = f"Go. [[S: {_TURNS} | text all done]]"
_SECOND = "And on. [[S: bash echo more | text done again]]"
_SENTENCE = SENTENCES[LATEST].encode()
_ADDED = (
    b',{"type":"text","text":"%b"}' % _SENTENCE,
    b'{"type":"message","role":"developer","content":[{"type":"input_text","text":"%b"}]},'
    % _SENTENCE,
)
_EACH = pytest.mark.parametrize(
    "driver", [CLAUDE, CODEX, CODEX_HTTP, COPILOT_GPT], ids=lambda driver: driver.name
)


def _told(run: Run) -> list[Seen]:
    """The requests of a session and of its resumption by a process that adds no sentences."""
    first = run.ask(_FIRST)
    assert (first.code, first.hung) == (0, False), str(first)
    run.options = ()
    second = run.again(_SECOND)
    assert (second.code, second.hung) == (0, False), str(second)
    return run.box.requests()


@_EACH
def test_it_stands_where_it_stood_and_nothing_else_changes(
    driver: Driver, start: Callable[..., Run]
) -> None:
    bare = [seen for seen in _told(start(driver, wrapped=False)) if seen.model_call]
    run = start(driver, wrapped=True, options=("--shape-output",))
    ours = [seen for seen in _told(run) if seen.model_call]
    main = run.model_calls()
    assert len(ours) == len(bare) >= 12
    for call, plain in zip(ours, bare, strict=True):
        assert call.facts["status"] == 200
        assert bodies.skeleton(_without(call)) == bodies.skeleton(plain)
    # Titles and the like are side questions.
    numbers = {call.facts["number"] for call in main}
    assert not [s for s in ours if s.facts["number"] not in numbers and _SENTENCE in s.body]
    asked = [call for call in main if bodies.items(call)]
    assert [str(_read(call)).count(_SENTENCE.decode()) for call in asked] == [1] * len(asked)
    _grows(asked)
    for call, plain in zip(ours, bare, strict=True):
        # Providers count cached tokens in steps of 128.
        assert _fresh(call) < _fresh(plain) + 128


@_EACH
def test_those_held_out_are_sent_as_they_are(driver: Driver, start: Callable[..., Run]) -> None:
    run = start(driver, wrapped=True, options=("--shape-output",))
    run.box.env["HEADROOM_OUTPUT_HOLDOUT"] = "0.999999"
    assert not [seen for seen in _told(run) if _SENTENCE in seen.body]


def _without(call: Seen) -> Seen:
    body = call.body
    for added in _ADDED:
        body = body.replace(added, b"")
    return replace(call, body=body)


def _read(call: Seen) -> list[object]:
    """All that the model reads of the conversation, what the provider holds of it included."""
    return [call.json.get("system"), call.json.get("instructions"), bodies.items(call)]


def _grows(calls: list[Seen]) -> None:
    """Each request begins with all of the one before."""
    for before, after in pairwise(calls):
        old, new = bodies.items(before), bodies.items(after)
        # When it resumes, the agent itself may send its history in other words.
        assert new[: len(old)] == old or len(calls) - calls.index(after) <= 2


def _fresh(call: Seen) -> int:
    """Tokens that were not read from the cache."""
    usage = call.facts["usage"]
    if "cache_read_input_tokens" in usage:
        return int(usage["input_tokens"]) + int(usage["cache_creation_input_tokens"])
    return int(usage["input_tokens"]) - int(usage["input_tokens_details"]["cached_tokens"])
