"""The comparison in sentences, and with the names that scripts may rely on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from headroom_wrap.figures import count, money, percent
from headroom_wrap.report.output.effect import CONFIDENCE, LEAST, Effect, Interval
from headroom_wrap.report.output.read import HELD_OUT, STEERED, Comparison, Found, label
from headroom_wrap.report.period import Period

_START = "HEADROOM_OUTPUT_SHAPER=1 HEADROOM_OUTPUT_HOLDOUT=0.1 headroom wrap claude"


def sentences(comparison: Comparison, found: Found) -> list[tuple[str, str]]:
    """What is said, by its heading."""
    said = [(side, _side(comparison, side)) for side in (STEERED, HELD_OUT)]
    missing = lacking(comparison, found)
    if missing:
        return [*said, ("saved", f"not enough data: {missing}")]
    assert found.tokens is not None
    said.append(("saved", f"{_estimate(found.tokens)} · {_part(comparison, found.tokens)}"))
    if found.usd is not None:
        said.append(("money", _money(comparison, found.usd)))
    if found.steps is not None:
        said.append(("answers", _steps(found.steps)))
    said.append(("", "estimates, by comparison with the conversations held out; none is billed"))
    return said


def lacking(comparison: Comparison, found: Found) -> str:
    """What there is too little of, "" when there is enough."""
    sides = [(side, comparison.conversations(side)) for side in (STEERED, HELD_OUT)]
    if not any(number for _, number in sides):
        return f"no conversation yet; begin with: {_START}"
    short = [
        f"{number} of {LEAST} conversations {side}" for side, number in sides if number < LEAST
    ]
    if short:
        return " and ".join(short)
    return "" if found.tokens else "both sides have too few conversations of one kind"


def as_json(comparison: Comparison, found: Found, period: Period) -> dict[str, Any]:
    """All of it with the names that scripts may rely on."""
    from headroom_wrap import prices

    usd, steps = found.usd, found.steps
    return {
        "since": period.since,
        "until": period.until,
        "enough": found.tokens is not None,
        "lacking": lacking(comparison, found),
        "estimated": True,
        "confidence": CONFIDENCE,
        STEERED: _facts(comparison, STEERED),
        "held_out": _facts(comparison, HELD_OUT),
        "compared_answers": found.tokens.turns if found.tokens else 0,
        "saved_fraction": _interval(found.tokens.part if found.tokens else None),
        "saved_tokens": _interval(found.tokens.total if found.tokens else None, 0),
        "saved_usd": _interval(usd.total if usd else None),
        "sentence_usd": round(comparison.sentence_usd, 6),
        "fewer_answers_fraction": _interval(steps.part if steps else None),
        "effort_lowered": comparison.lowered,
        "unpriced_models": sorted(comparison.unpriced),
        "price_list": prices.shipped().date,
        "strata": [
            {
                **dict(zip(("model", "agent", "kind"), stratum, strict=True)),
                "compared": label(stratum) in found.measured,
                **_cells(comparison, stratum),
            }
            for stratum in comparison.strata
        ],
    }


def _facts(comparison: Comparison, side: str) -> dict[str, int]:
    return {
        "conversations": comparison.conversations(side),
        "answers": comparison.turns(side),
        "output_tokens": comparison.output(side),
    }


def _cells(comparison: Comparison, stratum: tuple[str, str, str]) -> dict[str, float]:
    cells = {side: comparison.cell(stratum, side) for side in (STEERED, HELD_OUT)}
    found: dict[str, float] = {}
    for side, cell in cells.items():
        name = side.replace(" ", "_")
        found[f"{name}_answers"] = sum(cell.turns.values())
        found[f"{name}_tokens_per_answer"] = round(cell.mean, 1)
    return found


def _interval(interval: Interval | None, digits: int = 6) -> dict[str, float] | None:
    if interval is None:
        return None
    names = ("estimate", "low", "high")
    each = (interval.estimate, interval.low, interval.high)
    return {name: round(number, digits) for name, number in zip(names, each, strict=True)}


def _side(comparison: Comparison, side: str) -> str:
    said = (
        f"{comparison.conversations(side):,} conversations · {comparison.turns(side):,} answers · "
        f"{count(comparison.output(side))} output tokens"
    )
    if side == STEERED and comparison.lowered:
        said += f" · effort lowered in {comparison.lowered:,}"
    return said


def _estimate(effect: Effect) -> str:
    text = f"{_spread(effect.part, percent)} of the output · {_spread(effect.total, count)} tokens"
    if effect.part.low <= 0 <= effect.part.high:
        return f"{text} · no difference shown yet"
    return text


def _part(comparison: Comparison, effect: Effect) -> str:
    whole = comparison.turns(STEERED)
    return f"{percent(effect.turns / whole if whole else 0.0)} of the steered answers compared"


def _money(comparison: Comparison, effect: Effect) -> str:
    text = f"{_spread(effect.total, money)} · the sentence cost {money(comparison.sentence_usd)}"
    if comparison.unpriced:
        text += f" · no price known for {', '.join(sorted(comparison.unpriced))}"
    return text


def _steps(effect: Effect) -> str:
    more = Interval(-effect.part.estimate, -effect.part.high, -effect.part.low)
    return f"{_spread(more, percent, '+')} more of them per conversation"


def _spread(interval: Interval, spelled: Callable[[float], str], plus: str = "") -> str:
    def each(number: float) -> str:
        return (plus if number > 0 else "") + spelled(number)

    low, high = each(interval.low), each(interval.high)
    return f"{each(interval.estimate)} (95 %: {low} to {high})"
