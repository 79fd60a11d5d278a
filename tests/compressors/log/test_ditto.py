"""Ditto marks: where they stand, and that every line comes back."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from headroom_wrap.compressors.log import ditto

WORDS = st.sampled_from(
    [
        '"',
        '""',
        '"" ',
        "2026-03-04",
        "08:00:01",
        "INFO",
        "ERROR",
        "[main]",
        "\\",
        "[…",
        "a",
        "\t",
        " ",
    ]
)
LINES = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=20)


def nothing(line: str) -> bool:
    return False


@example(['" 2026-03-04 "', '\\ 2026-03-04 "'], False)
@given(LINES, st.booleans())
def test_every_line_comes_back(lines: list[str], messages: bool) -> None:
    text = "\n".join(lines)
    assert ditto.restore(ditto.write(text, nothing, messages)) == text


def test_only_heads_are_marked() -> None:
    first = "2026-03-04 08:00:01 INFO [main] com.acme.Pay: charged order 1"
    second = "2026-03-04 08:00:01 INFO [main] com.acme.Pay: charged order 2"
    written = ditto.write(f"{first}\n{second}", nothing).split("\n")
    assert written[1:] == [first, '""""" charged order 2']


def test_alarming_words_and_asked_for_lines_stay_in_full() -> None:
    line = "2026-03-04 08:00:01 ERROR [main] com.acme.Pay: order {} failed"
    text = "\n".join(line.format(n) for n in range(3))
    written = ditto.write(text, lambda line: "order 2" in line).split("\n")
    assert written[2] == '"" ERROR "" order 1 failed'
    assert written[3] == line.format(2)
