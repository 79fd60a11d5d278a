"""Retrieved documents within a token budget."""

from __future__ import annotations

from typing import Any

import pytest

from headroom import compress_documents, retrieve
from headroom_wrap import tokens

_TOPICS = ("dam", "bridge", "mill", "harbour", "tower")
PAGES = [
    " ".join(f"The {topic} has a crew of its own, and crew {n} mends it." for n in range(60))
    + f" The keys of the {topic} hang in house {at + 41}."
    for at, topic in enumerate(_TOPICS)
]
QUESTION = "In which house do the keys of the harbour hang?"


@pytest.mark.parametrize("budget", [200, 500, 1500])
def test_the_budget_is_kept_and_the_answer_stays(budget: int) -> None:
    found = compress_documents(PAGES, QUESTION, budget)
    assert found.tokens_after <= budget
    assert sum(map(tokens.count, found.documents)) == found.tokens_after
    assert "house 44" in "".join(found.documents)
    originals = [retrieve(name) for name in (*found.hashes, *found.left_out)]
    assert set(originals) <= set(PAGES)
    assert len(found.documents) + len(found.left_out) == len(PAGES)


def test_they_keep_their_types_and_their_order() -> None:
    given: list[Any] = [
        PAGES[0],
        {"text": PAGES[3], "id": 7},
        None,
        {"odd": 1},
        {"content": PAGES[1]},
    ]
    found = compress_documents(given, QUESTION)
    assert [type(each) for each in found.documents] == [str, dict, type(None), dict, dict]
    assert found.documents[1]["id"] == 7
    assert len(found.documents[1]["text"]) < len(PAGES[3])
    assert given[1]["text"] == PAGES[3]


@pytest.mark.parametrize("text", ["a b c " * 900, "x" * 9000, "ключ " * 900, "\n" * 9000 + "end"])
def test_the_best_document_is_shown_as_far_as_there_is_room(text: str) -> None:
    found = compress_documents([text], "", 150)
    assert found.tokens_after <= 150
    assert len(found.documents) == 1
    if found.tokens_before > 150:
        assert retrieve(found.hashes[0]) == text


@pytest.mark.parametrize("budget", [-1, 0, 1])
def test_no_room_at_all(budget: int) -> None:
    found = compress_documents(PAGES, QUESTION, budget)
    assert found.documents == []
    assert len(found.left_out) == len(PAGES)
    assert compress_documents([], QUESTION, budget).documents == []
