"""The figures of docs/kompress.md: answers kept, negations, identical bytes, cost, deadline."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import cost
import negations
import qa
from baselines import BASELINES

from headroom_wrap import kompress, tokens

Cut = Callable[[str, str, int], str]
Holds = Callable[[str, tuple[str, ...]], bool]
OTHERS = 7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="test", help="which questions (test)")
    parser.add_argument("--squad", type=Path, help="a SQuAD file of yours, measured too")
    parser.add_argument("--quick", action="store_true", help="only the answers")
    options = parser.parse_args()
    answers("developer questions", qa.load(options.split))
    if options.squad:
        answers("SQuAD", squad(options.squad))
    negations.report()
    if not options.quick:
        cost.report()
    return 0


def ours(deadline: float) -> Cut:
    def cut(text: str, query: str, budget: int) -> str:
        found = kompress.condense(text, query, budget, deadline)
        return found.text if found else text

    return cut


def sentences(text: str, query: str, budget: int) -> str:
    """What `safe` does, at the same share."""
    found = kompress.select(text, query, budget / tokens.count(text), kompress.LIBRARY)
    return found.text if found else text


def answers(title: str, questions: Sequence[qa.Question]) -> None:
    """The share of questions whose answer survives, per way of cutting and per share kept."""
    answerable = [q for q in questions if q.answers]
    ways: dict[str, Cut] = {**BASELINES, "Kompress, words, static": ours(0)}
    ways |= {"Kompress, words": ours(30.0), "Kompress, sentences": sentences}
    print(f"\n{title}: {len(answerable)} with an answer")
    print(f"{'':26} {'1 passage':>19} {'8 passages':>19} {'no question':>19}")
    heads = ("50 %", "30 %", "15 %", "8 %", "75 %", "to the letter")
    print(f"{'kept':26} " + " ".join(f"{head:>9}" for head in heads))
    for name, cut in ways.items():
        alone = _alone(answerable)
        row = _kept(cut, alone, (0.5, 0.3)) + _kept(cut, _among(answerable), (0.15, 0.08))
        unasked = [(text, "", wanted) for text, _, wanted in alone]
        row += _kept(cut, unasked, (0.75,)) + _kept(cut, unasked, (0.75,), qa.quotes)
        print(f"{name:26} " + " ".join(f"{value:9.3f}" for value in row), flush=True)


Case = tuple[str, str, tuple[str, ...]]


def _alone(questions: Sequence[qa.Question]) -> list[Case]:
    return [(q.passage.text, q.text, q.answers) for q in questions]


def _among(questions: Sequence[qa.Question]) -> list[Case]:
    """Each passage among others of its split; never one that holds the answer, too."""
    rng = random.Random(7)
    every = sorted({q.passage.text for q in questions})
    found = []
    for question in questions:
        mine = question.passage.text
        free = [t for t in every if t != mine and not qa.holds(t, question.answers)]
        texts = [*rng.sample(free, min(OTHERS, len(free))), mine]
        rng.shuffle(texts)
        found.append(("\n\n".join(texts), question.text, question.answers))
    return found


def _kept(
    cut: Cut, cases: Sequence[Case], shares: Sequence[float], holds: Holds = qa.holds
) -> list[float]:
    hits = [0] * len(shares)
    for text, query, wanted in cases:
        size = tokens.count(text)
        for i, share in enumerate(shares):
            hits[i] += holds(cut(text, query, int(share * size)), wanted)
    return [n / max(1, len(cases)) for n in hits]


def squad(path: Path) -> list[qa.Question]:
    """Answerable questions of a file in SQuAD's format, at most 600, evenly spread."""
    found = []
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        for at, paragraph in enumerate(article["paragraphs"]):
            passage = qa.Passage(f"{number}.{at}", "test", article["title"], paragraph["context"])
            for row in paragraph["qas"]:
                texts = tuple(sorted({a["text"] for a in row.get("answers", [])}))
                if texts:
                    found.append(qa.Question(passage, row["question"], texts))
    step = max(1, len(found) // 600)
    return found[::step]


if __name__ == "__main__":
    sys.exit(main())
