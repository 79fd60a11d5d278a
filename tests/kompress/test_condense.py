"""Words dropped to a budget: what must never go, what must fit, what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import kompress, tokens
from headroom_wrap.kompress import segment, words
from tests.kompress.texts import HOSTILE, LIMIT, MANUAL, RUSSIAN

TURNS = {"not", "no", "never", "unless", "without", "only", "except", "cannot", "if", "nor"}


def cut(text: str, query: str = "", share: float = 0.5) -> str | None:
    budget = int(share * tokens.count(text))
    found = kompress.condense(text, query, budget, deadline=0)
    return None if found is None else found.text


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.75])
def test_fits_its_budget_and_answers(share: float) -> None:
    shown = cut(MANUAL, LIMIT, share)
    assert shown is not None
    assert tokens.count(shown) <= share * tokens.count(MANUAL)
    assert "8192" in shown


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.75])
@pytest.mark.parametrize("query", ["", LIMIT, "when is polling used", "themes"])
def test_a_sentence_that_stays_keeps_its_negations(share: float, query: str) -> None:
    budget = int(share * tokens.count(MANUAL))
    found = kompress.condense(MANUAL, query, budget, deadline=0)
    assert found is not None
    for unit in segment.units(MANUAL):
        said = MANUAL[unit.start : unit.end]
        stays = [s for s in found.kept if s[0] < unit.end and s[1] > unit.start]
        if stays and unit.kind == "sentence":
            shown = "".join(MANUAL[max(a, unit.start) : min(b, unit.end)] for a, b in stays)
            wanted = [w for w in said.lower().split() if w.strip(".,;`") in TURNS]
            assert [w for w in shown.lower().split() if w.strip(".,;`") in TURNS] == wanted


def test_without_a_request_three_quarters_stay() -> None:
    shown = cut(MANUAL, "", 0.1)
    assert shown is not None
    assert tokens.count(shown) > 0.7 * tokens.count(MANUAL)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("The cache is turned off before the worker starts.", "cache turned off before worker"),
        ("It may be used by more than one of the threads.", "may used more than one threads."),
        ("This does not change any of the files.", "not change any files."),
        ("Call `open` and `close` in the loop.", "Call `open` and `close` loop."),
        ("The limit goes from 3 to 5 at once.", "limit goes from 3 to 5 at once."),
        ("The key will be removed in 4.0 or later.", "key will removed 4.0 or later."),
    ],
)
def test_what_a_telegram_leaves_out(said: str, left: str) -> None:
    groups = words.groups(said, segment.units(said))
    empty = words.empty(said, groups)
    shown = "".join(
        said[g.start : g.end] for g, gone in zip(groups, empty, strict=True) if not gone
    )
    assert shown.startswith(left)


def test_without_a_request_empty_words_go_before_sentences() -> None:
    said = "The cache of the server is in the memory. It is as big as the heap of the worker. " * 4
    shown = cut(said, "", 0.75)
    assert shown is not None
    assert all(shown.count(word) == 4 for word in ("cache", "server", "memory", "heap", "worker"))


def test_a_vague_request_is_none() -> None:
    shown = cut(MANUAL, "please fix it", 0.1)
    assert shown is not None
    assert tokens.count(shown) > 0.7 * tokens.count(MANUAL)


def test_code_stays_or_goes_whole() -> None:
    listing = "```sh\nsysctl fs.inotify.max_user_watches=524288\n```\n"
    for share in (0.3, 0.5, 0.7, 0.9):
        shown = cut(MANUAL, "raise the limit with sysctl", share)
        assert shown is not None
        assert ("```" in shown) == (listing in shown)


def test_what_is_left_out_is_counted_and_marked() -> None:
    found = kompress.condense(MANUAL, LIMIT, 120, deadline=0)
    assert found is not None
    first, _, rest = found.text.partition("\n")
    kept = sum(len(MANUAL[a:b].split()) for a, b in found.kept)
    assert first == f"[… {len(MANUAL.split()) - kept} words]"
    assert "…" in rest
    assert found.gaps


def test_other_languages_are_left_alone() -> None:
    assert cut(RUSSIAN, "опрос") is None


def test_what_fits_is_left_alone() -> None:
    assert kompress.condense(MANUAL, LIMIT, 10_000, deadline=0) is None


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("query", ["", "what is the default?", "\0 \ud800"])
def test_hostile_texts(text: str, query: str) -> None:
    found = kompress.condense(text, query, tokens.count(text) // 2, deadline=0)
    if found is not None:
        assert tokens.count(found.text) <= tokens.count(text)
        for start, end in found.kept:
            assert text[start:end].strip() in found.text
    chosen = kompress.select(text, query, 0.5, deadline=0)
    if chosen is not None:
        for start, end in chosen.kept:
            assert text[start:end] in chosen.text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=40))
def test_groups_and_units_have_no_holes(text: str, query: str) -> None:
    units = segment.units(text)
    if units:
        assert "".join(text[u.start : u.end] for u in units) == text
    groups = words.groups(text, units)
    assert "".join(text[g.start : g.end] for g in groups) == (text if units else "")
    kompress.condense(text, query, 5, deadline=0)


@pytest.mark.parametrize(
    ("word", "turns"),
    [
        ("not", True),
        ("Don't", True),
        ("can’t,", True),
        ("unless", True),
        ("only", True),
        ("cannot.", True),
        ("(never)", True),
        ("knot", False),
        ("--no-cache", False),
        ("notice", False),
        ("the", False),
    ],
)
def test_inverting_words(word: str, turns: bool) -> None:
    assert words.inverts(word) is turns
