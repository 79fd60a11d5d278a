"""Folding lines: counted in place, never dearer than what is hidden, nothing else changed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap.compressors._fold import fold, hidden_runs, plural
from headroom_wrap.compressors.verify import verify
from headroom_wrap.types import Squeezed

LONG = "a line that is long enough to be worth a note"


def count(hidden: Sequence[str]) -> str:
    return plural(len(hidden), "line")


@pytest.mark.parametrize(
    ("lines", "keep", "text", "gaps"),
    [
        (["a", LONG, LONG, "b"], "1001", "a\n[… 2 lines]\nb", ((1, 3),)),
        (["a", LONG, "b"], "101", "a\n[… 1 line]\nb", ((1, 2),)),
        (["a", "x", "b"], "101", "a\nx\nb", ()),
        ([LONG, "b", LONG], "010", "[… 1 line]\nb\n[… 1 line]", ((0, 1), (2, 3))),
        ([LONG, LONG], "00", "[… 2 lines]", ((0, 2),)),
        ([], "", "", ()),
    ],
)
def test_folds_in_place(
    lines: list[str], keep: str, text: str, gaps: tuple[tuple[int, int], ...]
) -> None:
    assert fold(lines, [k == "1" for k in keep], count) == (text, gaps)


def test_a_note_can_stand_under_its_block() -> None:
    text, _ = fold(["a", "    " + LONG, "  " + LONG], [True, False, False], count, indent=True)
    assert text == "a\n    [… 2 lines]"


def test_an_empty_description_shows_the_run() -> None:
    assert fold([LONG, LONG], [False, False], lambda hidden: "") == (f"{LONG}\n{LONG}", ())


def test_hidden_runs() -> None:
    assert list(hidden_runs([False, True, False])) == [(0, 1), (2, 3)]


@given(st.lists(st.tuples(st.text("ab \r[…]1"), st.booleans())), st.booleans())
def test_every_fold_is_honest_and_shorter(rows: list[tuple[str, bool]], indent: bool) -> None:
    lines = [line for line, _ in rows]
    text, gaps = fold(lines, [kept for _, kept in rows], count, indent)
    assert verify("\n".join(lines), Squeezed(text, "any", exact=False, gaps=gaps))
    assert len(text) <= len("\n".join(lines))
