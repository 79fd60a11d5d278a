"""The ledger's sums, by day, agent, project, model, tool, compressor or session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headroom_wrap.ledger import sums
from headroom_wrap.ledger.total import Total
from headroom_wrap.report.period import Period, day, steps
from headroom_wrap.store import Store

COLUMNS = ("day", "agent", "project", "model", "tool", "compressor", "session", "wire")
RESULTS = frozenset({"tool", "compressor"})
"""These group results, not requests: each counts once, when it was first seen."""


@dataclass(frozen=True, slots=True)
class Report:
    """All there is to say about a period. `by` goes by column, then by value; `steps` by time."""

    period: Period
    total: Total
    by: Mapping[str, Mapping[str, Total]]
    step: str
    steps: Mapping[str, Total]
    prices: str
    """The date of the price list."""
    observed: bool = False


def read(store: Store | None, period: Period, columns: tuple[str, ...], observed: bool) -> Report:
    """The report on a period; without a store, nothing happened."""
    from headroom_wrap import prices

    times: list[tuple[int, Total]] = []
    if store:
        found = sums.quarters(store, "all", period.since, observed)
        times = [(at, total) for at, _, total in found]
    whole = Total()
    for _, total in times:
        whole.merge(total)
    by = {name: _by(store, name, period, observed, times) for name in columns} if store else {}
    first = times[0][0] if times else period.until
    name, label, labels = steps(max(first, period.since), period.until)
    drawn = {each: Total() for each in labels}
    for at, total in times:
        drawn.setdefault(label(at), Total()).merge(total)
    return Report(period, whole, by, name, drawn, prices.shipped().date, observed)


def _by(
    store: Store, column: str, period: Period, observed: bool, times: list[tuple[int, Total]]
) -> dict[str, Total]:
    if column == "day":
        days: dict[str, Total] = {}
        for at, total in times:
            days.setdefault(day(at), Total()).merge(total)
        return days
    if column == "session":
        recent = {s.session for s in sums.sessions(store).values() if s.at >= period.since}
        found = {k: v for k, v in sums.ever(store, column, "", observed).items() if k in recent}
    elif period.since:
        found = sums.since(store, column, period.since, observed)
    else:
        found = sums.ever(store, column, "", observed)
    return dict(sorted(found.items(), key=lambda each: (-_weight(column, each[1]), each[0])))


def _weight(column: str, total: Total) -> int:
    return total.first_before if column in RESULTS else total.input or total.before


def facts(total: Total) -> dict[str, Any]:
    """A sum with the names that scripts may rely on."""
    return {
        "requests": total.requests,
        "refused": total.refused,
        "results": total.results,
        "shortened": total.shortened,
        "first_before": total.first_before,
        "first_after": total.first_after,
        "tokens_before": total.before,
        "tokens_after": total.after,
        "tokens_saved": total.tokens_saved,
        "saved_fraction": round(total.saved_fraction, 6),
        "input_tokens": total.input,
        "cache_read_tokens": total.cache_read,
        "cache_rate": round(total.cache_rate, 6),
        "output_tokens": total.output,
        "priced_requests": total.priced,
        "billed_usd": round(total.billed, 6),
        "without_usd": round(total.without, 6),
        "saved_usd": round(total.saved, 6),
        "lost_usd": round(total.lost, 6),
        "net_usd": round(total.net, 6),
        "prefix_breaks": total.broken,
        "cold_points": total.cold,
        "fetched_again": total.again,
    }


def as_json(report: Report) -> dict[str, Any]:
    """The report with the names that scripts may rely on."""
    return {
        "since": report.period.since,
        "until": report.period.until,
        "observed": report.observed,
        "price_list": report.prices,
        "total": facts(report.total),
        "by": {
            column: [{column: name, **facts(total)} for name, total in found.items()]
            for column, found in report.by.items()
        },
    }


def as_csv(report: Report) -> str:
    """The tables one below the other, in one shape: the column, its value, and the figures."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["by", "value", *facts(Total())])
    for column, found in report.by.items():
        for name, total in found.items():
            writer.writerow([column, name, *facts(total).values()])
    return out.getvalue()
