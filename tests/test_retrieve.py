from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap import retrieve
from headroom_wrap.errors import ConfigError
from headroom_wrap.retrieve import Part, part

TEXT = "one\ntwo error\nthree\nfour\nfive error\nsix\n"
ROWS = '{"total": 3, "items": [{"id": 1.0}, {"id": 2},\n {"id": "three"}]}'


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        (TEXT, Part(), TEXT),
        (TEXT, Part(lines="2"), "two error\n"),
        (TEXT, Part(lines="2-3"), "two error\nthree\n"),
        (TEXT, Part(lines="5-"), "five error\nsix\n"),
        (TEXT, Part(lines="50-60"), ""),
        (TEXT, Part(grep="error"), "2:two error\n5:five error\n"),
        (TEXT, Part(grep="five", context=1), "4-four\n5:five error\n6-six\n"),
        (
            TEXT,
            Part(grep="two|six", context=1),
            "1-one\n2:two error\n3-three\n--\n5-five error\n6:six\n",
        ),
        (TEXT, Part(grep="error", lines="3-"), "5:five error\n"),
        (
            TEXT,
            Part(grep="two", context=10**15),
            "1-one\n2:two error\n3-three\n4-four\n5-five error\n6-six\n",
        ),
        (ROWS, Part(rows="1-2"), '{"id": 1.0}\n{"id": 2}\n'),
        (ROWS, Part(rows="3-"), '{"id": "three"}\n'),
        ("a,b\n1,2\n3,4\n", Part(rows="2"), "a,b\n3,4\n"),
        (ROWS, Part(jq=".items[] | .id"), '1\n2\n"three"\n'),
    ],
)
def test_a_part(text, wanted, expected):
    assert part(text, wanted) == expected


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (TEXT, Part(lines="two")),
        (TEXT, Part(grep="(")),
        (TEXT, Part(jq=".a")),
        (ROWS, Part(jq=".items[")),
        (ROWS, Part(rows="-3")),
        ("\0\ud800", Part(jq=".")),
        ("a" * 60 + "b", Part(grep="(a|aa)+$")),
        (ROWS, Part(jq="repeat(1)")),
        (ROWS, Part(jq="[range(1e12)]")),
    ],
)
def test_what_makes_no_sense_or_does_not_end_is_one_clear_error(text, wanted, monkeypatch):
    monkeypatch.setattr(retrieve, "_PATIENCE", 2.0)
    with pytest.raises(ConfigError):
        part(text, wanted)


@given(st.text(st.characters(codec=None)), st.integers(1, 20), st.integers(0, 20))
def test_lines_are_the_lines(text, start, length):
    lines = text.splitlines(keepends=True)
    found = part(text, Part(lines=f"{start}-{start + length}"))
    assert found == "".join(lines[start - 1 : start + length])


@given(st.text(st.characters(codec=None)))
def test_rows_of_any_text_are_no_crash(text):
    part(text, Part(rows="1-5"))


def test_wide_contexts_that_overlap_are_gone_over_once() -> None:
    text = "match\n" * 60_000 + "other\n" * 60_000
    found = part(text, Part(grep="match", context=40_000))
    assert found.count("\n") == 100_000
