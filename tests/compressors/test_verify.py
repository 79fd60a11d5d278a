"""Folds that lie are refused; folds that only leave out what they count are not."""

from __future__ import annotations

import pytest

from headroom_wrap.compressors.verify import verify
from headroom_wrap.types import Squeezed

LINES = [
    "12: def pay(order):",
    "13:     charge(order.total, 4200)",
    "14:     log('paid')",
    "15: ",
    "31: def refund(order):",
]
TEXT = "\n".join(LINES)


def fold(*shown: str, gaps: tuple[tuple[int, int], ...] = ((1, 4),), name: str = "log") -> Squeezed:
    return Squeezed("\n".join(shown), name, exact=False, gaps=gaps)


HONEST = {
    "a gap in the middle": fold(LINES[0], "[… 3 lines]", LINES[4]),
    "a note set in": fold(LINES[0], "    [… 3 lines]", LINES[4]),
    "a gap first": fold("[… 2 lines]", *LINES[2:], gaps=((0, 2),)),
    "a gap last": fold(*LINES[:3], "[… 2 lines]", gaps=((3, 5),)),
    "all in one gap": fold("[… 5 lines]", gaps=((0, 5),)),
    "two gaps that meet": fold(
        LINES[0], "[… 1 call]", "[… 2 others]", LINES[4], gaps=((1, 2), (2, 4))
    ),
    "a new wording": fold("def pay(order) [… 2 sentences]", gaps=((1, 5),), name="prose"),
}
LIES = {
    "no note": fold(LINES[0], LINES[4]),
    "a note without a count": fold(LINES[0], "[… some lines]", LINES[4]),
    "a number that is another": fold(LINES[0].replace("12", "13"), "[… 3 lines]", LINES[4]),
    "numbers changed over": fold("31: def pay(order):", "[… 3 lines]", "12: def refund(order):"),
    "a line too many": fold(LINES[0], "[… 3 lines]", LINES[4], "32: return"),
    "a line too few": fold(LINES[0], "[… 3 lines]"),
    "another order": fold(LINES[4], "[… 3 lines]", LINES[0]),
    "words beside the note": fold(LINES[0], "rm -rf / [… 3 lines]", LINES[4]),
    "a gap nobody counted": fold(LINES[0], "[… 1 line]", LINES[2], LINES[4], gaps=((1, 2), (3, 4))),
    "a gap beyond the end": fold(LINES[0], "[… 9 lines]", gaps=((1, 10),)),
    "gaps in the wrong order": fold("[… 1 line]", "[… 1 line]", gaps=((3, 5), (0, 3))),
    "a word that nobody said": fold("def pay(order) twice [… 2 sentences]", name="prose"),
}


@pytest.mark.parametrize("squeezed", HONEST.values(), ids=HONEST.keys())
def test_accepts(squeezed: Squeezed) -> None:
    assert verify(TEXT, squeezed)


@pytest.mark.parametrize("squeezed", LIES.values(), ids=LIES.keys())
def test_refuses(squeezed: Squeezed) -> None:
    assert not verify(TEXT, squeezed)


def test_what_is_left_may_be_written_shorter_when_it_can_be_read_back() -> None:
    short = fold("12: D pay(order):", "[… 3 lines]", "31: D refund(order):")
    assert verify(TEXT, short, lambda text: text.replace(" D ", " def "))
    assert not verify(TEXT, short, lambda text: text.replace(" D ", " class "))


def test_a_decoder_that_fails_proves_nothing() -> None:
    def fail(text: str) -> str:
        raise ValueError(text)

    assert not verify(TEXT, fold("12: D pay(order):", "[… 4 lines]", gaps=((1, 5),)), fail)
