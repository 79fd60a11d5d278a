"""What a run comes to, as plain values: the JSON report, out of which the Markdown is made."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from headroom_wrap import prices
from headroom_wrap.evaluation import paired
from headroom_wrap.evaluation.rows import Answer, Json
from headroom_wrap.evaluation.run import AGAIN, NONE, Outcome, pairs
from headroom_wrap.types import Usage

Pair = tuple[Outcome, Outcome]


def summed(
    outcomes: Sequence[Outcome], metrics: Sequence[str], model: str, seed: int
) -> list[Json]:
    """A table for each condition, none first."""
    names = list(dict.fromkeys(outcome.condition for outcome in outcomes))
    return [
        {
            "condition": name,
            **_condition(list(pairs(outcomes, name)), metrics, seed),
            **_asked([outcome for _, outcome in pairs(outcomes, name)], model),
            "groups": _groups(list(pairs(outcomes, name))),
        }
        for name in names
    ]


def _condition(found: list[Pair], metrics: Sequence[str], seed: int) -> Json:
    touched = [pair for pair in found if pair[1].touched]
    # The A/A floor shows what differs where nothing was changed: of it every row counts.
    compared = found if any(o.condition == AGAIN for _, o in found) else touched
    answered = [pair for pair in compared if pair[0].scores and pair[1].scores]
    same = [outcome.same for _, outcome in compared if outcome.same is not None]
    backs = [outcome.sent.back for _, outcome in touched]
    return {
        "rows": len(found),
        "touched": len(touched),
        "tokens": sum(outcome.sent.tokens for _, outcome in found),
        "touched_tokens": sum(outcome.sent.tokens for _, outcome in touched),
        "touched_tokens_before": sum(bare.sent.tokens for bare, _ in touched),
        "compressors": sorted({name for _, outcome in touched for name in outcome.sent.by}),
        **_survival(found),
        "touched_survival": _survival(touched),
        "originals_back": sum(1 for back in backs if back),
        "scores": {name: _mean(o.scores.get(name) for _, o in found) for name in metrics},
        "paired": {name: _paired(answered, name, seed) for name in metrics} if answered else {},
        "same": sum(1 for each in same if each),
        "compared": len(same),
    }


def _survival(found: Iterable[Pair]) -> Json:
    """Of the rows whose texts hold the answer, those where it is still there."""
    held = [outcome for bare, outcome in found if bare.holds]
    return {"held": len(held), "kept": sum(1 for outcome in held if outcome.holds)}


def _paired(found: list[Pair], name: str, seed: int) -> Json | None:
    compared = paired.compare(
        [bare.scores[name] for bare, _ in found], [o.scores[name] for _, o in found], seed
    )
    return {**asdict(compared), "difference": compared.difference} if compared else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _asked(found: list[Outcome], model: str) -> Json:
    """What the answers took: seconds, tokens as billed, dollars where a price is known."""
    given = [outcome.answer for outcome in found if outcome.answer is not None]
    refused = sum(1 for outcome in found if outcome.refused)
    if not given:
        return {"answers": 0, "refused": refused}
    return {
        "answers": len(given),
        "refused": refused,
        "cut": sum(1 for answer in given if answer.cut),
        "seconds": round(statistics.median(answer.seconds for answer in given), 3),
        "usage": asdict(_usage(given)),
        "dollars": _dollars(given, model),
    }


def _usage(given: Iterable[Answer]) -> Usage:
    total: dict[str, int] = {}
    for answer in given:
        for name, value in asdict(answer.usage).items():
            total[name] = total.get(name, 0) + value
    return Usage(**total)


def _dollars(given: Iterable[Answer], model: str) -> float | None:
    price = prices.find(model) if model else None
    return sum(prices.cost(answer.usage, price) for answer in given) if price else None


def _groups(found: list[Pair]) -> list[Json]:
    names = sorted({outcome.row.group for _, outcome in found if outcome.row.group})
    return [{"group": name, **_group(found, name)} for name in names] if len(names) > 1 else []


def _group(found: list[Pair], name: str) -> Json:
    mine = [pair for pair in found if pair[1].row.group == name]
    scored: dict[str, list[float]] = {}
    for _, outcome in mine:
        for metric, value in outcome.scores.items():
            scored.setdefault(metric, []).append(value)
    touched = sum(1 for _, outcome in mine if outcome.touched)
    scores = {metric: sum(values) / len(values) for metric, values in scored.items()}
    return {"rows": len(mine), "touched": touched, **_survival(mine), "scores": scores}


def details(outcomes: Sequence[Outcome]) -> Iterable[dict[str, Any]]:
    """A line for each row and condition: what was sent, what was said, what it was worth."""
    for outcome in outcomes:
        changed = outcome.condition == NONE or outcome.touched
        yield {
            "id": outcome.row.id,
            "condition": outcome.condition,
            "touched": outcome.touched,
            "tokens": outcome.sent.tokens,
            "compressors": list(outcome.sent.by),
            "holds": outcome.holds,
            "answers": list(outcome.row.answers),
            "messages": list(outcome.sent.prompt.messages) if changed else None,
            "answer": outcome.answer.text if outcome.answer else None,
            "calls": [msgspec.structs.asdict(call) for call in outcome.answer.calls]
            if outcome.answer
            else [],
            "scores": outcome.scores,
            "same": outcome.same,
            "refused": outcome.refused,
        }
