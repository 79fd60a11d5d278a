"""SQuAD 1.1 and 2.0: a question about a paragraph, answered with words out of it or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from headroom_wrap.evaluation.rows import Answer, Json, Prompt, Row
from headroom_wrap.evaluation.suites import _ask, _files, _text
from headroom_wrap.evaluation.suites._api import Source

NAME = "squad"
ABOUT = "short answers out of a paragraph, or none (SQuAD 1.1/2.0 JSON; JSONL, a question a line)"
SOURCES: tuple[Source, ...] = (
    Source(
        "https://rajpurkar.github.io/SQuAD-explorer/dataset/dev-v2.0.json",
        "dev-v2.0.json",
        "CC BY-SA 4.0",
    ),
)
METRICS = _text.METRICS
TOKENS = 40
MIXES = True
TASK = (
    "Answer with the shortest exact words from the documents and nothing else. "
    f"If the documents do not say, answer: {_text.NOTHING}."
)


def load(path: Path) -> Iterator[Row]:
    """SQuAD's own file, or its rows as hubs serve them, one a line."""
    form = '{"data": [{"paragraphs": [{"context": …, "qas": …}]}]}, or {"context": …, …} a line'
    try:
        if path.suffix == ".jsonl":
            for number, row in enumerate(_files.lines(path)):
                texts = row["answers"]["text"]
                yield _row(row.get("id", number), row["question"], row["context"], texts)
            return
        for article in _files.whole(path)["data"]:
            for paragraph in article["paragraphs"]:
                for qa in paragraph["qas"]:
                    yield _row(qa["id"], qa["question"], paragraph["context"], _texts(qa))
    except (KeyError, TypeError, AttributeError) as problem:
        raise _files.unlike(path, NAME, form, problem) from problem


def _texts(qa: Json) -> list[str]:
    return [] if qa.get("is_impossible") else [each["text"] for each in qa["answers"]]


def _row(name: object, question: str, context: str, answers: list[str]) -> Row:
    group = "answerable" if answers else "not answerable"
    return Row(str(name), question.strip(), (context,), tuple(dict.fromkeys(answers)), group=group)


def prompt(row: Row) -> Prompt:
    return _ask.about(row, TASK)


def score(row: Row, answer: Answer) -> dict[str, float]:
    return _text.words(_text.said(answer), row.answers)


def same(one: Answer, other: Answer) -> bool:
    return _text.same(one, other)
