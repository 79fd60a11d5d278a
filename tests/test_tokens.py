"""Counting: o200k's own figures, and no text that can hurt the counter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap import tokens


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("hello world", 2), ("\udc80", 1), ("🙂", 1), ("tokenization", 2)]
)
def test_known_counts(text, count):
    assert tokens.count(text) == count


@pytest.mark.parametrize("unit", [" ", "x", "\n", "=", "\t \n"])
def test_a_long_run_of_one_thing_is_counted(unit):
    assert 0 < tokens.count(unit * (1_000_000 // len(unit))) < 600_000


def test_pieces_are_cut_at_line_ends():
    line = "one two three four\n"
    assert tokens.count(line * 20_000) == 20_000 * tokens.count(line)


@pytest.mark.parametrize("text", ["", "short", "one two three four\n" * 2_000])
def test_counted_ahead_it_is_the_same(text):
    with tokens.ahead(text) as counted:
        assert counted() == tokens.count(text)
    with tokens.ahead(text) as first, tokens.ahead(text) as second:
        assert first() == second() == tokens.count(text)


ENDS = [
    "\n",
    " ",
    "\n\n",
    "/",
    "a",
    "1",
    "\t",
    "\r",
    ")",
    "\u0301",
    "\udc80",
    "}\n/x",
    "\n  y\n\nz",
    "\n[ok",
]


@given(st.lists(st.sampled_from(ENDS), max_size=12), st.lists(st.sampled_from(ENDS), min_size=1))
def test_with_a_marker_behind_it_a_text_counts_as_if_it_had_not_been_counted_before(tail, marker):
    text = "one two: three(4)\n" * 80 + "".join(tail)
    marked = text + "".join(marker)
    tokens.count(text)
    assert tokens.count(marked) == tokens._encoded(marked)
