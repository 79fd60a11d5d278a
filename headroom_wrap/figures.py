"""Numbers as people read them. Imports nothing: the status line has no time to."""

from __future__ import annotations


def count(number: float) -> str:
    """`999`, `41.2k`, `3.1M`: four characters or so, whatever the size."""
    sign, size = ("-" if number < 0 else ""), abs(number)
    if size < 999.5:
        return f"{sign}{size:.0f}"
    for unit in ("k", "M", "G"):
        size /= 1000
        if size < 99.95:
            return f"{sign}{size:.1f}{unit}"
        if size < 999.5:
            return f"{sign}{size:.0f}{unit}"
    return f"{sign}{size / 1000:.0f}T"


def money(dollars: float) -> str:
    """`$0.62`, `$0.0041`, `-$1.20`, `$1,204`: cents, more digits below one, none for much."""
    sign, size = ("-" if dollars < 0 else ""), abs(dollars)
    if size == 0:
        return "$0.00"
    if size < 0.00005:
        return f"{sign}<$0.0001"
    if size < 0.00995:
        return f"{sign}${size:.4f}"
    return f"{sign}${size:,.2f}" if size < 999.995 else f"{sign}${size:,.0f}"


def percent(fraction: float) -> str:
    """`38 %`; what is not nothing is not shown as 0, and what is not all not as 100."""
    shown = f"{100 * fraction:.0f}"
    if shown == "0" and fraction > 0:
        return "<1 %"
    if shown == "100" and fraction < 1:
        return ">99 %"
    return f"{shown} %"


def summary(saved: int, fraction: float, dollars: float | None, cache: float | None) -> str:
    """`▼ 41.2k tokens · 38 % · $0.62 · cache 97 %`; what is not known is left out."""
    parts = [f"▼ {count(saved)} tokens", percent(fraction)]
    if dollars is not None:
        parts.append(money(dollars))
    if cache is not None:
        parts.append(f"cache {percent(cache)}")
    return " · ".join(parts)


def breaks(number: int) -> str:
    """The alarm about prompts whose cached beginning was changed, "" without any."""
    return f" · ! {number} prefix break{'s' if number > 1 else ''}" if number else ""
