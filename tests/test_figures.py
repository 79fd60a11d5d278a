"""Numbers as people read them."""

from __future__ import annotations

import pytest

from headroom_wrap import figures


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (999.6, "1.0k"),
        (41_234, "41.2k"),
        (99_949, "99.9k"),
        (99_950, "100k"),
        (999_499, "999k"),
        (999_600, "1.0M"),
        (3_141_592, "3.1M"),
        (2.5e12, "2T"),
        (-1_500, "-1.5k"),
    ],
)
def test_counts_fit_five_characters(number, shown):
    assert figures.count(number) == shown


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [
        (0, "$0.00"),
        (0.62, "$0.62"),
        (0.0041, "$0.0041"),
        (0.00001, "<$0.0001"),
        (-1.2, "-$1.20"),
        (1204.4, "$1,204"),
    ],
)
def test_money(dollars, shown):
    assert figures.money(dollars) == shown


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [(0, "0 %"), (0.001, "<1 %"), (0.38, "38 %"), (0.999, ">99 %"), (1, "100 %"), (-0.02, "-2 %")],
)
def test_what_is_not_all_is_not_100_percent(fraction, shown):
    assert figures.percent(fraction) == shown


def test_a_line_leaves_out_what_is_not_known():
    line = figures.summary(41_200, 0.38, 0.62, 0.97)
    assert line == "▼ 41.2k tokens · 38 % · $0.62 · cache 97 %"
    assert figures.summary(41_200, 0.38, None, None) == "▼ 41.2k tokens · 38 %"
