"""A report's main figures as sentences, the same on the terminal and on the page."""

from __future__ import annotations

from headroom_wrap.figures import count, money, percent
from headroom_wrap.ledger.total import Total
from headroom_wrap.report.groups import Report

NONE = "none in this period; `--since all` looks further back, `headroom wrap claude` begins"
EMPTY = "Nothing in the ledger yet. Start with: headroom wrap claude"


def sentences(report: Report) -> list[tuple[str, str]]:
    """What is said, by its heading."""
    total, would = report.total, "would save" if report.observed else "saved"
    if not total.requests:
        return [("requests", NONE)]
    said = [
        ("requests", _requests(total)),
        ("tokens", _tokens(total, would)),
        ("cache", _cache(total)),
    ]
    if total.priced:
        said.append(("money", _money(total, would)))
        said.append(
            ("", f"at the list prices of {report.prices}; all but what was billed is an estimate")
        )
    if total.requests - total.refused > total.priced:
        missing = total.requests - total.refused - total.priced
        said.append(("", f"{missing:,} requests have no known price and count for no money"))
    return said


def _requests(total: Total) -> str:
    refused = f", {total.refused:,} refused or not answered" if total.refused else ""
    cold = f", {total.cold:,} at cold points" if total.cold else ""
    return (
        f"{total.requests:,}{refused}{cold} · {total.results:,} new results, "
        f"{total.shortened:,} of them shortened"
    )


def _tokens(total: Total, would: str) -> str:
    first = 1 - total.first_after / total.first_before if total.first_before else 0.0
    return (
        f"{would} {count(total.tokens_saved)}, {percent(total.saved_fraction)} of all input · "
        f"results {percent(first)} shorter when first sent"
    )


def _cache(total: Total) -> str:
    if not total.input:
        return "no usage was reported"
    broken = (
        f"! {total.broken:,} PREFIX BREAK{'S' * (total.broken > 1)}"
        if total.broken
        else "no prefix break"
    )
    return f"{percent(total.cache_rate)} of the input was read from the cache · {broken}"


def _money(total: Total, would: str) -> str:
    share = total.net / total.without if total.without > 0 else 0.0
    text = (
        f"billed {money(total.billed)} · without headroom {money(total.without)} · "
        f"{would} {money(total.net)} net ({percent(share)})"
    )
    if total.lost:
        text += f", {money(total.lost)} lost to {_losses(total)} taken off"
    return text


def _losses(total: Total) -> str:
    parts = []
    if total.again:
        parts.append(f"{total.again:,} results fetched again")
    if total.broken:
        parts.append("prefix breaks")
    return " and ".join(parts) or "rounding"
