"""Long documents: a question about one text of many thousand words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from headroom_wrap.evaluation.rows import Answer, Prompt, Row
from headroom_wrap.evaluation.suites import _ask, _files, _text
from headroom_wrap.evaluation.suites._api import Source

NAME = "longdoc"
ABOUT = "questions about one long document (LongBench JSONL: qasper, multifieldqa_en, …)"
SOURCES: tuple[Source, ...] = (
    Source(
        "https://huggingface.co/datasets/THUDM/LongBench/resolve/main/data.zip",
        "multifieldqa_en.jsonl",
        "MIT",
        "data/multifieldqa_en.jsonl",
    ),
)
METRICS = _text.METRICS
TOKENS = 80
MIXES = False
TASK = "Answer from the document, as briefly as it allows, and with nothing else."


def load(path: Path) -> Iterator[Row]:
    """Any of LongBench's question files."""
    form = '{"input": question, "context": …, "answers": […]} a line'
    try:
        for number, row in enumerate(_files.lines(path)):
            group, name = row.get("dataset", ""), str(row.get("_id", number))
            yield Row(name, row["input"], (row["context"],), tuple(row["answers"]), group=group)
    except (KeyError, TypeError) as problem:
        raise _files.unlike(path, NAME, form, problem) from problem


def prompt(row: Row) -> Prompt:
    return _ask.about(row, TASK)


def score(row: Row, answer: Answer) -> dict[str, float]:
    return _text.words(_text.said(answer), row.answers)


def same(one: Answer, other: Answer) -> bool:
    return _text.same(one, other)
