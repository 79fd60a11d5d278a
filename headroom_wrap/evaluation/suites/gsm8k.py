"""GSM8K: word problems whose answer is a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from headroom_wrap.evaluation.rows import Answer, Prompt, Row
from headroom_wrap.evaluation.suites import _ask, _files
from headroom_wrap.evaluation.suites._api import Source

NAME = "gsm8k"
ABOUT = "word problems without any context (GSM8K JSONL)"
SOURCES: tuple[Source, ...] = (
    Source(
        "https://raw.githubusercontent.com/openai/grade-school-math/master/"
        "grade_school_math/data/test.jsonl",
        "test.jsonl",
        "MIT",
    ),
)
METRICS: tuple[str, ...] = ("accuracy",)
TOKENS = 400
MIXES = False
TASK = "Solve the problem step by step. End with a line: #### and the number."
_NUMBER = re.compile(r"-?\$?\d[\d,]*(?:\.\d+)?")


def load(path: Path) -> Iterator[Row]:
    """The number after #### is the answer."""
    try:
        for number, row in enumerate(_files.lines(path)):
            right = row["answer"].rpartition("####")[2].strip()
            yield Row(str(number), row["question"], answers=(right,))
    except (KeyError, AttributeError) as problem:
        form = '{"question": …, "answer": "… #### 42"} a line'
        raise _files.unlike(path, NAME, form, problem) from problem


def prompt(row: Row) -> Prompt:
    return _ask.alone(row, TASK)


def score(row: Row, answer: Answer) -> dict[str, float]:
    return {"accuracy": float(_number(answer.text) == _number(row.answers[0]) is not None)}


def same(one: Answer, other: Answer) -> bool:
    return _number(one.text) == _number(other.text)


def _number(text: str) -> float | None:
    """The number after the last ####, or else the last one there is."""
    after = text.rpartition("####")
    found = _NUMBER.findall(after[2])[:1] if after[1] else _NUMBER.findall(text)[-1:]
    return float(found[0].replace(",", "").replace("$", "")) if found else None
