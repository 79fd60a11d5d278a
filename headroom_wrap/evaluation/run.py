"""One evaluation from rows to outcomes: shorten, ask what is not known yet, score."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from headroom_wrap.config import Config
from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation import answers as kept
from headroom_wrap.evaluation import survival
from headroom_wrap.evaluation.answers import Answers
from headroom_wrap.evaluation.readers import Reader, RefusedError
from headroom_wrap.evaluation.rows import Answer, Json, Row
from headroom_wrap.evaluation.shorten import Sent, shorten
from headroom_wrap.evaluation.suites import Suite
from headroom_wrap.types import Level

NONE = "none"
AGAIN = "none, again"
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Outcome:
    """One row under one condition: none, a level, or none once more. `touched`: what is sent is
    not what was given. Without an answer there was no reader, or `refused` says why."""

    row: Row
    condition: str
    sent: Sent
    touched: bool
    holds: bool | None
    answer: Answer | None = None
    scores: dict[str, float] = field(default_factory=dict)
    same: bool | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of each row, and by how many at once."""

    suite: Suite
    levels: tuple[Level, ...] = tuple(Level)
    floor: bool = False
    jobs: int = 4
    tokens: int = 0
    """The longest answer; the suite's own, unless told."""


def prepared(plan: Plan, rows: Sequence[Row], stage: Config, progress: Progress) -> list[Outcome]:
    """Every row under every condition, before anybody is asked."""
    found: list[Outcome] = []
    for number, row in enumerate(rows):
        progress("Shortening", number, len(rows))
        prompt = plan.suite.prompt(row)
        bare = shorten(prompt, None, stage)
        holds = survival.holds(row, bare.text)
        found.append(Outcome(row, NONE, bare, False, holds))
        if plan.floor:
            found.append(Outcome(row, AGAIN, bare, False, holds))
        for level in plan.levels:
            sent = shorten(prompt, level, stage)
            left = survival.holds(row, sent.text) if holds else None
            found.append(Outcome(row, level.value, sent, sent.back is not None, left))
    progress("Shortening", len(rows), len(rows))
    return found


@dataclass(slots=True)
class _Question:
    """One request, and the outcomes that wait for its answer."""

    name: str
    body: Json
    waiting: list[Outcome]


def questions(plan: Plan, outcomes: Sequence[Outcome], reader: Reader) -> list[_Question]:
    """The distinct requests: what is sent alike is asked once, but for the A/A floor."""
    found: dict[str, _Question] = {}
    for outcome in outcomes:
        body = reader.body(outcome.sent.prompt, plan.tokens or plan.suite.TOKENS)
        name = kept.key(reader.identity, body, int(outcome.condition == AGAIN))
        found.setdefault(name, _Question(name, body, [])).waiting.append(outcome)
    return list(found.values())


async def answered(
    plan: Plan, outcomes: Sequence[Outcome], reader: Reader, store: Answers, progress: Progress
) -> int:
    """Fills in answers and scores; how many requests that took. Raises HeadroomError."""
    asked = questions(plan, outcomes, reader)
    open_ = [question for question in asked if not _recalled(question, store)]
    jobs = plan.jobs if reader.parallel else 1
    todo = iter(open_)
    done = 0

    async def work() -> None:
        nonlocal done
        for question in todo:
            await _ask(question, reader, store)
            done += 1
            progress("Asking", done, len(open_))

    progress("Asking", 0, len(open_))
    workers = [asyncio.create_task(work()) for _ in range(max(1, min(jobs, len(open_))))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    if open_ and all(question.waiting[0].refused for question in asked):
        raise HeadroomError(f"every request was refused: {asked[0].waiting[0].refused}")
    _scored(plan.suite, outcomes)
    return len(open_)


def _recalled(question: _Question, store: Answers) -> bool:
    answer = store.get(question.name)
    for outcome in question.waiting:
        outcome.answer = answer
    return answer is not None


async def _ask(question: _Question, reader: Reader, store: Answers) -> None:
    try:
        answer = await reader.ask(question.body)
    except RefusedError as problem:
        for outcome in question.waiting:
            outcome.refused = str(problem)
        return
    store.put(question.name, answer)
    for outcome in question.waiting:
        outcome.answer = answer


def _scored(suite: Suite, outcomes: Sequence[Outcome]) -> None:
    bare = {o.row.id: o.answer for o in outcomes if o.condition == NONE}
    for outcome in outcomes:
        if outcome.answer is None:
            continue
        outcome.scores = suite.score(outcome.row, outcome.answer)
        reference = bare[outcome.row.id]
        if reference is not None:
            outcome.same = suite.same(reference, outcome.answer)


def pairs(outcomes: Sequence[Outcome], condition: str) -> Iterator[tuple[Outcome, Outcome]]:
    """Each row without and under a condition."""
    bare = {o.row.id: o for o in outcomes if o.condition == NONE}
    yield from ((bare[o.row.id], o) for o in outcomes if o.condition == condition)
