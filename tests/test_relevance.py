"""Which lines a request is about."""

from __future__ import annotations

import pytest

from headroom_wrap.relevance import wanted

LINES = [f"GET /items/{i} 200 user=u{i % 7}" for i in range(100)] + ["leader election won, term=42"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("what about /items/37?", ["GET /items/37 200 user=u2"]),
        ("who won the leader election", ["leader election won, term=42"]),
        ("find term=42", ["GET /items/42 200 user=u0", "leader election won, term=42"]),
        ("show me every GET", []),
        ("", []),
    ],
)
def test_lines_with_a_rare_word_of_the_request(query: str, expected: list[str]) -> None:
    assert list(filter(wanted(query, LINES), LINES)) == expected


def test_a_line_it_has_not_seen_is_judged_by_the_same_words() -> None:
    asked = wanted("who won the election?", LINES)
    assert asked("the ELECTION is over")
    assert not asked("electioneering")
