"""`--prefer lower-bill`: the agent's own limit shrinks with what is left of its prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom_wrap import profiles
from headroom_wrap.launch.compaction import balanced, kept_ratio
from headroom_wrap.ledger import Row
from headroom_wrap.types import Usage

NONE = Path("/nonexistent")


def rows(count: int, saved: int, agent: str = "claude") -> list[Row]:
    usage = Usage(input=80_000 - saved)
    row = Row(
        at=1.0,
        session="s",
        agent=agent,
        project="/p",
        wire="anthropic",
        model="m",
        status=200,
        old_before=saved,
        usage=usage,
    )
    return [row] * count


@pytest.mark.parametrize(
    ("found", "ratio"),
    [
        (rows(49, 20_000), 1.0),
        (rows(50, 20_000), 0.75),
        (rows(50, 79_000), 0.5),
        (rows(50, -500), 1.0),
        (rows(50, 20_000, "codex"), 1.0),
    ],
)
def test_the_ratio(found, ratio):
    assert kept_ratio(found, "claude") == pytest.approx(ratio)


def test_claude_gets_a_variable():
    claude = profiles.load("claude", NONE)
    name = "CLAUDE_CODE_AUTO_COMPACT_WINDOW"
    assert balanced(claude, 0.75, [], {}) == ({name: "150000"}, [])
    assert balanced(claude, 0.75, [], {name: "100000"}) == ({name: "75000"}, [])
    assert balanced(claude, 1.0, [], {name: "100000"}) == ({}, [])


def test_codex_gets_an_argument_unless_the_user_gave_one():
    codex = profiles.load("codex", NONE)
    ours = ["-c", "model_auto_compact_token_limit=183600"]
    assert balanced(codex, 0.75, [], {}) == ({}, ours)
    theirs = ["-c", "model_auto_compact_token_limit=9"]
    assert balanced(codex, 0.75, theirs, {}) == ({}, [])


def test_aider_has_no_limit():
    assert balanced(profiles.load("aider", NONE), 0.75, [], {}) == ({}, [])
