"""Reads the questions and passages beside it, and says what it means that an answer is kept.

As a script: prints the test questions in the form of SQuAD, python scripts/kompress/qa.py
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from headroom_wrap.kompress.head import PLAIN

_FOLDER = Path(__file__).parent / "qa"
_MARKS = re.compile(r"[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Passage:
    id: str
    split: str
    project: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    passage: Passage
    text: str
    answers: tuple[str, ...]


def load(*splits: str) -> list[Question]:
    """The questions of some splits, in file order."""
    passages = {}
    for line in (_FOLDER / "passages.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] in splits:
            passages[row["id"]] = Passage(row["id"], row["split"], row["project"], row["text"])
    found = []
    for line in (_FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["passage"] in passages:
            answers = tuple(row["answers"])
            found.append(Question(passages[row["passage"]], row["question"], answers))
    return found


def plain(text: str) -> str:
    """Lower case, without marks and function words: how answers are compared.

    Negations are no function words. Cutting those out is what one baseline does, so that all are
    measured alike.
    """
    return " ".join(word for word in _MARKS.sub(" ", text.lower()).split() if word not in PLAIN)


def holds(text: str, answers: tuple[str, ...]) -> bool:
    """Whether one of the answers can be read off `text`."""
    hay = f" {plain(text)} "
    return any(f" {plain(answer)} " in hay for answer in answers)


def quotes(text: str, answers: tuple[str, ...]) -> bool:
    """Whether one of the answers stands there to the letter, but for white space."""
    hay = " ".join(text.split())
    return any(" ".join(answer.split()) in hay for answer in answers)


def squad(questions: list[Question]) -> str:
    """The questions as a file in SQuAD's form, for `headroom eval run squad --data`."""
    paragraphs = []
    for passage in dict.fromkeys(question.passage for question in questions):
        asked = [question for question in questions if question.passage == passage]
        rows = [
            {
                "id": f"{passage.id}-{number}",
                "question": question.text,
                "answers": [{"text": answer} for answer in question.answers],
                "is_impossible": not question.answers,
            }
            for number, question in enumerate(asked)
        ]
        paragraphs.append({"context": passage.text, "qas": rows})
    whole = {"data": [{"title": "developer questions", "paragraphs": paragraphs}]}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(squad(load(*sys.argv[1:] or ("test",))))
