"""Writes docs/kompress-pairs.md: texts before and after, to be read by eye."""

from __future__ import annotations

import random
from pathlib import Path

import qa

from headroom_wrap import kompress, tokens

OUT = Path(__file__).parents[2] / "docs" / "kompress-pairs.md"
COUNT, SHARE = 20, 0.5
HEAD = """\
# Kompress: twenty texts before and after

Written by `scripts/kompress/pairs.py`: the longest test passages of `scripts/kompress/qa`, one
question each, half of the tokens kept, word vectors alone. `safe` keeps whole sentences, `lean`
drops words too. Where a text stays as it is, that is said.
"""


def main() -> None:
    rng = random.Random(11)
    asked: dict[str, list[qa.Question]] = {}
    for question in qa.load("test"):
        if question.answers:
            asked.setdefault(question.passage.text, []).append(question)
    longest = sorted(asked, key=lambda text: -len(text))[: COUNT + 12]
    parts = [HEAD]
    for number, text in enumerate(sorted(rng.sample(longest, COUNT)), 1):
        parts.append(_pair(number, rng.choice(asked[text])))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join(parts), encoding="utf-8")


def _pair(number: int, question: qa.Question) -> str:
    text = question.passage.text
    size = tokens.count(text)
    safe = kompress.select(text, question.text, SHARE, 0)
    lean = kompress.condense(text, question.text, int(SHARE * size), 0)
    shown = [("Before", text), ("safe", safe and safe.text), ("lean", lean and lean.text)]
    about = f"{question.passage.project}; answer: {question.answers[0]}"
    parts = [f"\n## {number}. {question.text}\n\n{about}\n"]
    for title, found in shown:
        if found is None:
            parts.append(f"**{title}**: left as it is\n")
        else:
            body = found.rstrip("\n")
            parts.append(f"**{title}** ({tokens.count(found)} tokens)\n\n~~~~text\n{body}\n~~~~\n")
    return "\n".join(parts)


if __name__ == "__main__":
    main()
