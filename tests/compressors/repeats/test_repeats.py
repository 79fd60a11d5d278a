"""Repeats: how they are told, that imitations are no notes, and that every line comes back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import compressors
from headroom_wrap.compressors import repeats
from headroom_wrap.types import Ask, Level, Origin, Squeezed

WAIT = "waiting for the database to accept connections"
STEPS = ["compile the core module", "link the core module", "sign it"]
LONGER = [*map(str.upper, STEPS), *(f"{word} {WAIT}" for word in ("now", "still", "yet"))]
IMITATED = [
    "[× 3]",
    "[2 lines × 4]",
    "[… 2 lines as above]",
    "[2 lines: a <*> b]",
    "[repeats: [× n] the line above n times]",
    "\\[× 3]",
    "\\",
    "<*>",
]


def squeezed(*lines: str, question: str = "") -> Squeezed | None:
    return repeats.squeeze("\n".join(lines), Origin(), Ask(Level.EXACT, question))


def told(*lines: str, question: str = "") -> list[str]:
    result = squeezed(*lines, question=question)
    assert result
    assert result.exact
    assert repeats.expand(result.text) == "\n".join(lines)
    return result.text.split("\n")[1:]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["start", *[WAIT] * 12, "ready"], ["start", WAIT, "[× 12]", "ready"]),
        ([*STEPS * 5, "done"], [*STEPS, "[3 lines × 5]", "done"]),
        (
            ["a", *LONGER, "b", *LONGER, "c"],
            ["a", *LONGER, "b", LONGER[0], "[… 5 lines as above]", "c"],
        ),
        (
            [f"Pulled layer {n * 7:04x} from registry.example.org in {n} ms" for n in range(8)],
            ["[8 lines: Pulled layer <*> from registry.example.org in <*> ms]"]
            + [f"{n * 7:04x} {n}" for n in range(8)],
        ),
        (["start", *[WAIT] * 12, "[× 3]"], ["start", WAIT, "[× 12]", "\\[× 3]"]),
    ],
    ids=["line", "lines", "again", "wording", "imitated"],
)
def test_is_told(lines: list[str], expected: list[str]) -> None:
    assert told(*lines) == expected


def test_what_was_asked_for_stands_in_full() -> None:
    lines = [f"Pulled layer {n}x{n} from registry.example.org in time" for n in range(30)]
    assert lines[17] in told(*lines, question="why is 17x17 slow?")


@pytest.mark.parametrize(
    "lines",
    [
        [f"{n * 7919 % 1000} {'abcdefghij'[n % 10] * 9} {n}" for n in range(40)],
        ["a", "b"] * 3,
        [""] * 5,
    ],
    ids=["nothing in common", "short", "few"],
)
def test_little_gain_is_none(lines: list[str]) -> None:
    assert squeezed(*lines) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "[repeats: ]",
        "[repeats: ]\n[× 3]",
        "[repeats: ]\na\n[2 lines × 3]",
        "[repeats: ]\na\n[× 99999999999]",
        "[repeats: ]\na\n[… 5 lines as above]",
        "[repeats: ]\n[3 lines: a <*>]\nx",
        "[repeats: ]\n[1 lines: a <*>]\nx y",
    ],
)
def test_what_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        repeats.expand(text)


def test_code_is_nobodys_repeat() -> None:
    code = "\n".join(f"import module_{n} from './module_{n}';" for n in range(50))
    assert repeats.score(code, Origin()) == 0


def test_serves_where_nobody_else_does() -> None:
    text = "\n".join(["building", *[WAIT] * 40, *(f"{name} passed on" for name in "abc"), ""])
    result = compressors.squeeze(text, Origin("Bash", "./ci.sh"), Ask(Level.EXACT))
    assert result
    assert result.compressor == "repeats"


LINE = st.one_of(
    st.sampled_from([WAIT, *STEPS, *IMITATED, "", " ", "\r", "\0", "é\u2028…", "\udc80"]),
    st.integers(0, 30).map(lambda n: f"Pulled layer {n} from registry.example.org in {n} ms\r"),
    st.integers(0, 30).map(lambda n: f"fetched  the\tbig package  {n}  of [deps/{n}/x] <{n}>"),
    st.text(max_size=8).map(lambda text: text.replace("\n", "")),
)
RUNS = st.lists(
    st.tuples(st.lists(LINE, min_size=1, max_size=6), st.integers(1, 12)).map(
        lambda run: run[0] * run[1]
    ),
    max_size=8,
).map(lambda runs: [line for run in runs for line in run])


@settings(deadline=None, max_examples=300)
@given(RUNS)
def test_every_line_comes_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    result = repeats.squeeze(text, Origin(), Ask())
    assert result is None or repeats.expand(result.text) == text
    again = result and repeats.squeeze(result.text, Origin(), Ask())
    assert not (result and again) or repeats.expand(again.text) == result.text


@settings(deadline=None)
@given(st.lists(st.one_of(LINE, st.from_regex(r"\[(× \d{1,3}|\d lines × \d)\]")), max_size=12))
def test_reading_anything_ends(lines: list[str]) -> None:
    try:
        assert isinstance(repeats.expand("\n".join(["[repeats: ]", *lines])), str)
    except ValueError:
        assert lines is not None
