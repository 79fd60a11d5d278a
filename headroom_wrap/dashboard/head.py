"""The top of the dashboard: how it goes now, the sums, and the latest requests as lines."""

from __future__ import annotations

from rich.text import Text

from headroom_wrap.dashboard.cells import fit, spread
from headroom_wrap.dashboard.snapshot import Snapshot
from headroom_wrap.dashboard.state import State
from headroom_wrap.figures import count, money, percent
from headroom_wrap.ledger.total import Total
from headroom_wrap.report import plot

_COLUMNS = {
    "requests": 9,
    "left out": 9,
    "of input": 10,
    "billed": 10,
    "without": 10,
    "saved": 10,
    "lost": 11,
    "net": 10,
}
_LABEL = 14


def header(snapshot: Snapshot, state: State, width: int) -> Text:
    """Rates and alarms; the most important stays longest when it gets narrow."""
    number = max(snapshot.heard, len(snapshot.sessions))
    left = Text.assemble(("headroom", "bold"), f"  {number:,} session{'s' * (number != 1)}")
    if state.paused:
        left.append("  paused", "bold yellow")
    broken = snapshot.today.broken
    alarm = f"! {broken} prefix break{'s' * (broken > 1)} today"
    cache = snapshot.cache_rate
    right = [
        Text(alarm, "bold red") if broken else Text("no prefix break today", "green"),
        Text(f"cache {percent(cache)}" if cache is not None else "cache –"),
        Text(f"{snapshot.per_minute:.1f} requests/min"),
        Text(f"adds {snapshot.overhead(0.5):.0f} ms, p95 {snapshot.overhead(0.95):.0f} ms"),
    ]
    if snapshot.counting:
        right.insert(0, Text(f"adding up {snapshot.counting:,} rows", "yellow"))
    return spread(left, right, width)


def totals(snapshot: Snapshot, width: int) -> list[Text]:
    """Today, this session, and all, each with what we cost taken off."""
    heads = list(_COLUMNS)
    for drop in ("without", "requests", "saved", "lost", "billed", "of input", "left out"):
        if _LABEL + sum(_COLUMNS[head] for head in heads) > width:
            heads.remove(drop)
    lines = [Text(" " * _LABEL + "".join(fit(h, _COLUMNS[h], right=True) for h in heads), "dim")]
    current = snapshot.current
    session = current.total if current else Total()
    name = "this session"
    if current and current.facts.observed:
        name = "would save"
    for label, total in (("today", snapshot.today), (name, session), ("all", snapshot.ever)):
        line = Text(fit(label, _LABEL))
        for head in heads:
            text, style = _cell(head, total)
            line.append(fit(text, _COLUMNS[head], right=True), style)
        lines.append(line)
    return lines


def _cell(head: str, total: Total) -> tuple[str, str]:
    if head not in ("requests", "left out", "of input") and not total.priced:
        return "–", "dim"
    return {
        "requests": (f"{total.requests:,}", ""),
        "left out": (count(total.tokens_saved), "green" if total.tokens_saved > 0 else ""),
        "of input": (percent(total.saved_fraction), ""),
        "billed": (money(total.billed), ""),
        "without": (money(total.without), ""),
        "saved": (money(total.saved), ""),
        "lost": (money(-total.lost) if total.lost else money(0), "red" if total.lost else "dim"),
        "net": (money(total.net), "bold green" if total.net > 0 else "bold red"),
    }[head]


def sparklines(snapshot: Snapshot, width: int) -> list[Text]:
    """Tokens of tool results per request, before and after, oldest to newest."""
    room = max(width - _LABEL - 8, 0)
    shown = list(reversed(snapshot.rows[:room]))
    before, after = [row.before for row in shown], [row.after for row in shown]
    top = max([*before, *after], default=0)
    lines = []
    for label, values, style in (("results", before, "dim"), ("as sent", after, "blue")):
        line = Text(fit(label, _LABEL), "dim")
        line.append(plot.sparkline(values, room, top).ljust(len(shown)), style)
        last = count(values[-1]) if values else ""
        lines.append(line.append(f" {last}", style))
    return lines
