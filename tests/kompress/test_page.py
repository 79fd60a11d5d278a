"""Selections of a text's groups as they are shown, and what is measured once for many of them."""

from __future__ import annotations

import functools
import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import kompress
from headroom_wrap.kompress import choose, segment, static, words
from headroom_wrap.kompress.page import Page
from headroom_wrap.kompress.static import Static
from tests.kompress.texts import MANUAL

SAID = "The cache is full. It does not grow any more than that.\nAn end comes here.\n"


def shown(text: str, stays: str) -> str:
    """`text` with the groups left that begin with a word of `stays`."""
    groups = words.groups(text, segment.units(text))
    wanted = set(stays.split())
    kept = [text[g.start : g.end].split()[0].strip(".") in wanted for g in groups]
    return Page(text, groups).shown(np.asarray(kept))


@pytest.mark.parametrize(
    ("stays", "left"),
    [
        ("The cache full", "[… 13 words]\nThe cache full. …\n"),
        ("cache full An end here", "[… 11 words]\ncache full. …\nAn end here.\n"),
        ("The cache is full It does not grow any more than that An end comes here", SAID),
        ("end", "[… 15 words]\n… end\n"),
        ("", "[… 16 words]\n…\n"),
    ],
)
def test_gaps_are_marked_and_counted_and_lines_end(stays: str, left: str) -> None:
    assert shown(SAID, stays) == left


@settings(max_examples=200, deadline=None)
@given(
    st.data(),
    st.sampled_from([MANUAL, SAID, "a b\r\n\r\nc d  e\n\n\nf. " * 3, " " * 6_500 + "x y."]),
)
def test_every_word_is_shown_or_counted(data: st.DataObject, text: str) -> None:
    groups = words.groups(text, segment.units(text))
    kept = np.asarray(
        data.draw(st.lists(st.booleans(), min_size=len(groups), max_size=len(groups)))
    )
    found = Page(text, groups).shown(kept)
    left = [text[g.start : g.end] for g, stays in zip(groups, kept, strict=True) if stays]
    gone = len(text.split()) - len("".join(left).split())
    note, _, rest = found.partition("\n")
    assert (note == f"[… {gone} words]") == (gone > 0)
    body = rest if gone else found
    assert [w for w in body.split() if w != "…"] == "".join(left).split()


def test_what_is_fixed_stays_while_anything_beside_it_does() -> None:
    groups = words.groups(SAID, segment.units(SAID))
    page = Page(SAID, groups)
    (grows,) = [i for i, g in enumerate(groups) if SAID[g.start : g.end].startswith("any")]
    kept = page.kept(np.asarray([grows]))
    assert [SAID[g.start : g.end] for g, k in zip(groups, kept, strict=True) if k] == [
        "not grow ",
        "any ",
    ]


@settings(max_examples=100, deadline=None)
@given(st.text("ab \n\r", max_size=60), st.data())
def test_lines_are_those_that_a_stretch_touches(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    ((first, last),) = choose.line_ranges(text, [(start, end)])
    assert first == text[:start].count("\n")
    assert last == first + text[start:end].rstrip().count("\n") + 1


def test_vectors_add_up_word_by_word() -> None:
    found = Static(kompress.model_path())
    ids = found.wordpiece.ids(MANUAL)
    rows = [ids[at : at + size] for size in range(1, 40) for at in range(0, len(ids) - size, 17)]
    summed = np.zeros((len(rows), found.width), np.float32)
    for into, row in zip(summed, rows, strict=True):
        used = np.asarray(row)
        words = found.weights.rows("token_embd.weight", used) * static.rarity(used)[:, None]
        into[:] = functools.reduce(operator.add, words)
    assert np.array_equal(found.vectors(rows), static.unit_length(summed))
