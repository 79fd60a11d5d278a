"""Whole sentences by the request: verbatim, counted, or left alone."""

from __future__ import annotations

import re

import pytest

from headroom_wrap import kompress
from headroom_wrap.kompress import segment
from tests.kompress.texts import GERMAN, LIMIT, MANUAL, RUSSIAN


def test_sentences_are_verbatim_and_gaps_are_counted() -> None:
    found = kompress.select(MANUAL, LIMIT, 0.4, deadline=0)
    assert found is not None
    assert "the default is 8192." in found.text
    rest = found.text
    for start, end in found.kept:
        assert MANUAL[start:end] in rest
    counted = sum(int(n) for n in re.findall(r"\[… (\d+) sentences?\]", rest))
    gone = [
        u
        for u in segment.units(MANUAL)
        if u.kind == "sentence" and not any(a <= u.start < b for a, b in found.kept)
    ]
    assert counted == sum(u.sentences for u in gone) > 0


def test_headings_stay() -> None:
    found = kompress.select(MANUAL, LIMIT, 0.4, deadline=0)
    assert found is not None
    assert "# Watching files" in found.text
    assert "## Limits" in found.text


@pytest.mark.parametrize("query", ["", "  \n", "please explain", "fix it"])
def test_a_vague_request_leaves_the_text_alone(query: str) -> None:
    assert kompress.select(MANUAL, query, 0.4, deadline=0) is None


@pytest.mark.parametrize(
    ("text", "query", "fact"),
    [
        (GERMAN + "Der Grenzwert liegt bei 8192 Beobachtern.", "Grenzwert Beobachter", "8192"),
        (RUSSIAN + "Предел равен 8192.", "какой предел", "8192"),
    ],
)
def test_other_languages_are_chosen_by_their_words(text: str, query: str, fact: str) -> None:
    found = kompress.select(text, query, 0.4, deadline=0)
    assert found is None or fact in found.text
    assert kompress.foreign(text) == (text.startswith("Н"))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("# Title\n\nOne. Two here now.\n", ["heading", "sentence", "sentence"]),
        ("- one is here\n- two is there\n", ["item", "item"]),
        ("```\na = 1\n\nb = 2\n```\n", ["code"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", ["table"]),
        ("Title\n=====\n", ["heading"]),
        ("--flag\n    Does something useful here.\n", ["term", "sentence"]),
        ("See e.g. the manual for more of it. Then stop here.\n", ["sentence", "sentence"]),
        ("https://example.org/a\n", ["link"]),
    ],
)
def test_units(text: str, kinds: list[str]) -> None:
    assert [u.kind for u in segment.units(text)] == kinds


def test_addresses_joined_by_commas_are_cut_in_no_time() -> None:
    # Each comma used to double the time: with 30 of them no end was in sight.
    text = "https://a.example" + ",https://a.example" * 3_000 + " and what follows\n"
    assert next(unit.kind for unit in segment.units(text)) == "sentence"


def test_a_long_run_of_marks_is_gone_over_once() -> None:
    text = "?" * 200_000
    assert "".join(text[unit.start : unit.end] for unit in segment.units(text)) == text
