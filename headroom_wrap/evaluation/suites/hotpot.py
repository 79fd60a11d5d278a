"""HotpotQA: a question whose answer takes two of ten paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from headroom_wrap.evaluation.rows import Answer, Prompt, Row
from headroom_wrap.evaluation.suites import _ask, _files, _text
from headroom_wrap.evaluation.suites._api import Source

NAME = "hotpotqa"
ABOUT = "answers that take two of ten paragraphs (HotpotQA JSON)"
SOURCES: tuple[Source, ...] = (
    Source(
        "http://curtis.ml.cmu.edu/datasets/hotpot/hotpot_dev_distractor_v1.json",
        "hotpot_dev_distractor_v1.json",
        "CC BY-SA 4.0",
    ),
)
METRICS = _text.METRICS
TOKENS = 40
MIXES = True
TASK = "Answer with the shortest exact words from the documents, or yes or no, and nothing else."
_FIXED = ("yes", "no")


def load(path: Path) -> Iterator[Row]:
    """The distractor setting's own file."""
    form = '[{"_id": …, "question": …, "answer": …, "context": [[title, [sentence, …]], …]}]'
    try:
        for row in _files.whole(path):
            passages = tuple(f"{title}\n{''.join(said)}" for title, said in row["context"])
            kind, answers = row.get("type", ""), (row["answer"],)
            yield Row(row["_id"], row["question"], passages, answers, group=kind)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise _files.unlike(path, NAME, form, problem) from problem


def prompt(row: Row) -> Prompt:
    return _ask.about(row, TASK)


def score(row: Row, answer: Answer) -> dict[str, float]:
    """Yes and no share no words with anything: as in HotpotQA's own evaluation."""
    said = _text.said(answer)
    found = _text.words(said, row.answers)
    fixed = {_text.plain(said), _text.plain(row.answers[0])} & set(_FIXED)
    return {**found, "f1": found["exact match"]} if fixed else found


def same(one: Answer, other: Answer) -> bool:
    return _text.same(one, other)
