"""An original beside what was sent: every line of both is there once, in order."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap.report import clean
from headroom_wrap.report.align import matches
from headroom_wrap.report.compare import pairs, unified

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "{", "}", "once"]), max_size=40)


@given(LINES, LINES)
def test_every_line_is_there_once(left, right):
    found = pairs("\n".join(left), "\n".join(right))
    shown_left = [pair.left for pair in found if pair.number]
    shown_right = [pair.right for pair in found if pair.sent]
    assert shown_left == clean.lines("\n".join(left))
    assert shown_right == clean.lines("\n".join(right))
    assert [p.number for p in found if p.number] == list(range(1, len(shown_left) + 1))


@given(LINES, LINES)
def test_what_matches_is_equal_and_rises(left, right):
    found = matches(left, right)
    assert all(left[a] == right[b] for a, b in found)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in itertools.pairwise(found))


@given(st.lists(st.text(max_size=3), max_size=60, unique=True), st.data())
def test_what_was_only_left_out_is_found(lines, data):
    kept = [line for line in lines if data.draw(st.booleans())]
    assert len(matches(lines, kept)) == len(kept)


def test_many_lines_of_which_a_third_left():
    left = [f"line {n} of {n % 50}" for n in range(30_000)]
    right = [line for n, line in enumerate(left) if n % 3]
    assert len(matches(left, right)) == len(right)
    same = [f"line {n % 5}" for n in range(30_000)]
    assert len(matches(same, same[:20_000])) == 20_000


def test_a_diff_shows_what_left_with_a_little_around_it():
    left = [f"line {n}" for n in range(1, 21)]
    right = [*left[:9], "[… 1 line]", *left[10:]]
    assert unified("\n".join(left), "\n".join(right)) == [
        "@@ 7",
        " line 7",
        " line 8",
        " line 9",
        "-line 10",
        "+[… 1 line]",
        " line 11",
        " line 12",
        " line 13",
    ]


def test_nothing_in_a_text_reaches_the_terminal_as_a_command():
    text = "".join(map(chr, range(0x250))) + "\u202e\u2066\ufeff\ud800"
    for line in [clean.line(text), *clean.lines(text)]:
        assert line.encode("utf-8")
        assert not [c for c in line if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or ord(c) == 0x202E]
