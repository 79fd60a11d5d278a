"""Every golden case gives the pinned text; the format of the cases is told in cases.py."""

from __future__ import annotations

import pytest

from headroom_wrap.compressors import load
from headroom_wrap.types import Level
from tests.compressors.cases import GOLDEN, Case, cases, read

CASES = cases()
PINNED = [
    pytest.param(case, level, id=f"{case.name}-{level.value}")
    for case in CASES
    for level in Level
    if case.out(level).exists()
]


@pytest.mark.parametrize(("case", "level"), PINNED)
def test_gives_the_pinned_text(case: Case, level: Level) -> None:
    result = load(case.compressor).squeeze(case.text, case.origin, case.ask(level))
    assert (result.text if result else "") == read(case.out(level))


@pytest.mark.parametrize(("case", "level"), PINNED)
def test_shows_what_was_asked_for(case: Case, level: Level) -> None:
    result = load(case.compressor).squeeze(case.text, case.origin, case.ask(level))
    shown = result.text if result else case.text
    assert [needle for needle in case.shown if needle not in shown] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_says_where_it_is_from_and_pins_something(case: Case) -> None:
    assert case.about["source"]
    assert case.about["licence"]
    assert any(case.out(level).exists() for level in Level)


def test_no_output_without_a_case() -> None:
    known = {case.out(level) for case in CASES for level in Level}
    assert set(GOLDEN.glob("*/*.out")) - known == set()
