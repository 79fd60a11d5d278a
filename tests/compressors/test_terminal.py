"""What a terminal shows of what programs print to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap.compressors import squeeze
from headroom_wrap.compressors.terminal import render
from headroom_wrap.types import Ask, Level, Origin

SHOWN = {
    "plain text": ("one\ntwo\n", "one\ntwo\n"),
    "Windows line ends": ("one\r\ntwo\r\n", "one\r\ntwo\r\n"),
    "colours": ("\x1b[1;31merror\x1b[0m: no\n", "error: no\n"),
    "256 colours and C1": ("\x1b[38;5;196mred\x9b0m\n", "red\n"),
    "a link": ("\x1b]8;;http://x.org\x1b\\docs\x1b]8;;\x1b\\\n", "docs\n"),
    "a title": ("\x1b]0;building\x07make\n", "make\n"),
    "a hidden cursor": ("\x1b[?25lwait\x1b[?25h\n", "wait\n"),
    "percentages": (" 10%\r 50%\r100%\n", "100%\n"),
    "a shorter line over a longer one": ("downloading\rdone\n", "doneloading\n"),
    "a shorter line over an erased one": ("downloading\r\x1b[Kdone\n", "done\n"),
    "erased behind": ("downloading\rdone\x1b[K\n", "done\n"),
    "a bar that ends in a line": ("|#  |\r|## |\r|###|\nend\n", "|###|\nend\n"),
    "a spinner": ("-\b\\\b|\b/\bok\n", "ok\n"),
    "overstruck for a pager": ("N\bNA\bAM\bME\bE\n", "NAME\n"),
    "two bars moved up": (
        "a: 10%\nb: 10%\n\x1b[2Aa: 99%\nb: 55%\n",
        "a: 99%\nb: 55%\n",
    ),
    "a list that shrinks": ("one\ntwo\nthree\n\x1b[3A\x1b[Jdone\n", "done\n"),
    "a row erased": ("one\ntwo\n\x1b[1A\x1b[2Ktwo!\n", "one\ntwo!\n"),
    "forward and back": ("a\x1b[3Cb\x1b[4Dc\x1b[A\n", "ac  b\n"),
    "to a column": ("abc\x1b[2GX\x1b[A\n", "aXc\n"),
    "a cleared screen stays above the new one": (
        "run 1\n\x1b[2J\x1b[Hrun 2\n",
        "run 1\nrun 2\n",
    ),
    "a sequence cut off": ("half\x1b[\n", "half\n"),
    "a title between moves": ("a\x1b]0;x\x07b\x1b[A\n", "ab\n"),
    "moves beyond every edge": ("ab\x1b[999A\x1b[99999Dc\x1b[999B\n", "cb\n"),
    "padding": ("name" + " " * 30 + "\nvalue" + " " * 30 + "\n", "name\nvalue\n"),
    "hardly any padding": ("a long line of text that goes on \nand on\n",) * 2,
}


@pytest.mark.parametrize(("printed", "shown"), SHOWN.values(), ids=SHOWN.keys())
def test_shows(printed: str, shown: str) -> None:
    assert render(printed).text == shown


def test_blanks_in_a_diff_are_lines_of_the_file() -> None:
    diff = "--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@\n" + " \n" * 40 + "-a\n+b\n"
    assert render(diff).text == diff


def test_knows_the_lines_it_came_from() -> None:
    screen = render("a: 1%\nb: 1%\n\x1b[2Aa: 9%\nb: 9%\nend\n")
    assert screen.text == "a: 9%\nb: 9%\nend\n"
    assert screen.span(0, 2) == (2, 4)
    assert screen.span(2, 3) == (4, 5)


def test_a_progress_bar_is_shown_once() -> None:
    bar = "".join(f"\r{n:3}%|{'#' * (n // 4):25}| {n}/100" for n in range(101))
    result = squeeze(f"Fetching\n{bar}\nDone\n", Origin("Bash", "./fetch"), Ask(Level.EXACT))
    assert result is not None
    assert result.text == f"Fetching\n100%|{'#' * 25}| 100/100\nDone\n"
    assert (result.compressor, result.exact, result.gaps) == ("terminal", False, ())


@given(st.text(alphabet="ab \n\r\b\t\x1b\x9b[]0123;?ABCDEFGHJKfm\x07", max_size=200))
def test_any_bytes_are_survived_and_come_to_rest(text: str) -> None:
    shown = render(text).text
    assert len(shown.replace(" ", "")) <= len(text)
    assert "\b" not in shown
    assert "\x1b" not in shown
