"""aider has no tools: `/run` output comes as user text, edits as text that must match files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from headroom_wrap import marker
from tests.agents.bodies import items
from tests.agents.drivers import AIDER
from tests.agents.runs import Run
from tests.agents.sandbox import Ran
from tests.fake.record import Seen

_LINES = (
    "/run ./list-rules --json",
    "/run ./install-packages",
    '/run grep -rn "raise " src',
    "/add notes.txt",
    "Look. [[S: edit notes.txt first=>second]]",
    "Go on. [[S: text seen]]",
    "And on. [[S: text all done]]",
)
Session = tuple[Ran, list[Seen], str]


def _session(run: Run) -> Session:
    notes = run.box.work / "notes.txt"
    notes.write_text("first\n" * 2)
    ran = run.type(_LINES)
    return ran, run.model_calls(), notes.read_text()


@pytest.fixture(scope="module")
def bare(start: Callable[..., Run]) -> Session:
    """aider on its own."""
    return _session(start(AIDER, wrapped=False))


@pytest.fixture(scope="module")
def wrapped(bare: Session, start: Callable[..., Run]) -> Session:
    """The same under `headroom wrap`."""
    return _session(start(AIDER, wrapped=True))


def test_the_bare_agent_plays_the_script(bare: Session) -> None:
    ran, calls, notes = bare
    assert ran.code == 0, str(ran)
    assert [call.facts["status"] for call in calls] == [200] * 3
    assert notes == "second\nfirst\n"
    assert "all done" in ran.out


def test_edits_apply_and_nothing_shows(bare: Session, wrapped: Session) -> None:
    assert (wrapped[0].code, wrapped[2]) == (bare[0].code, bare[2]), str(wrapped[0])
    assert {call.facts["door"] for call in wrapped[1]} == {"plain"}


def test_only_output_of_commands_is_shortened(bare: Session, wrapped: Session) -> None:
    changed = 0
    for ours, theirs in zip(wrapped[1], bare[1], strict=True):
        for sent, original in zip(items(ours), items(theirs), strict=True):
            if sent == original:
                continue
            assert marker.hashes(_text(sent))
            assert "I ran this command" in _text(original)
            assert len(_text(sent)) < len(_text(original))
            changed += 1
    assert changed >= 3


def test_what_was_sent_once_is_sent_again_unchanged(bare: Session, wrapped: Session) -> None:
    for turns in (bare[1], wrapped[1]):
        for before, after in pairwise(_outputs(call) for call in turns):
            assert after[: len(before)] == before


def _text(message: dict[str, Any]) -> str:
    return "".join(part["text"] for part in message["content"])


def _outputs(call: Seen) -> list[str]:
    texts = [_text(message) for message in items(call)]
    return [text for text in texts if "I ran this command" in text]
