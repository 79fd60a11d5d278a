"""A report on the terminal: sentences, a plot, tables."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from headroom_wrap.figures import count, money, percent
from headroom_wrap.ledger.total import Total
from headroom_wrap.report import clean, plot
from headroom_wrap.report.groups import RESULTS, Report
from headroom_wrap.report.words import EMPTY, sentences

_MOST = 15
_HEIGHT = 5
_NAMES = 36


def show(report: Report, console: Console) -> None:
    """Print all of it."""
    console.print(rendered(report, console.width))


def rendered(report: Report, width: int) -> RenderableType:
    """All of it for a terminal of this width."""
    if not report.total.requests and not report.period.since:
        return Text(EMPTY)
    head = Text.assemble(("headroom", "bold"), f" · {report.period.words}")
    if report.observed:
        head.append(" · observed: nothing was changed", "yellow")
    parts: list[RenderableType] = [head, Text(), _said(report)]
    if report.total.requests:
        parts += [Text(), *_plot(report, width)]
        for column, found in report.by.items():
            parts += [Text(), _table(column, found, width)]
    return Group(*parts)


def _said(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for heading, text in sentences(report):
        style = "bold red" if "PREFIX BREAK" in text else "" if heading else "dim"
        table.add_row(heading, Text(text, style))
    return table


def _plot(report: Report, width: int) -> list[Text]:
    """Input tokens per step: what was sent, and on top of it what was left out."""
    names = list(report.steps)
    room = max(width - 9, 10)
    names = names[-room:]
    totals = [report.steps[name] for name in names]
    sent = [float(total.input or total.after) for total in totals]
    whole = [at + max(total.tokens_saved, 0) for at, total in zip(sent, totals, strict=True)]
    top = max(whole, default=0.0)
    cell = max(1, min(room // max(len(names), 1), 6))
    lines = [
        Text.assemble(
            (f"input tokens per {report.step}: ", "dim"),
            ("█ sent", "blue"),
            ("  "),
            ("▒ left out", "green"),
        )
    ]
    under, over = plot.columns(sent, _HEIGHT, top), plot.columns(whole, _HEIGHT, top)
    for row, (low, high) in enumerate(zip(under, over, strict=True)):
        axis = count(top) if row == 0 else "0" if row == _HEIGHT - 1 else ""
        line = Text(f"{axis:>7} ", "dim")
        for one, other in zip(low, high, strict=True):
            _cell(line, one, other, cell)
        lines.append(line)
    if names:
        first, last = names[0], names[-1]
        gap = max(len(names) * cell - len(first) - len(last), 1)
        ends = f"{first}{' ' * gap}{last}" if len(names) > 1 else first
        lines.append(Text(f"{'':8}{ends}", "dim"))
    return lines


def _cell(line: Text, sent: str, whole: str, cell: int) -> None:
    bar = max(cell - 1, 1)
    gap = " " * (cell - bar)
    if sent == "█":
        line.append(sent * bar + gap, "blue")
    elif whole == "█":
        line.append("▒" * bar + gap, "green")
    elif whole != " ":
        # Where both end in one character, the upper one would hide the lower.
        line.append(
            (sent if sent != " " else whole) * bar + gap, "blue" if sent != " " else "green"
        )
    else:
        line.append(" " * cell)


def _table(column: str, found: Mapping[str, Total], width: int) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
        header_style="bold",
    )
    names = min(_NAMES, max(width // 4, 12))
    table.add_column(f"by {column}", no_wrap=True, overflow="ellipsis", max_width=names)
    results = column in RESULTS
    heads = _heads(results, width)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    rows = list(found.items())
    shown = rows[-_MOST:] if column == "day" else rows[:_MOST]
    for name, total in shown:
        cells = _of_results(total) if results else _of_requests(total)
        table.add_row(_name(name, names), *(cells[head] for head in heads))
    if len(rows) > len(shown):
        which = "earlier days" if column == "day" else "more"
        note = Text(f"… {len(rows) - len(shown)} {which}: --json has all", "dim")
        table.add_row(note, *[""] * len(heads))
    return table


def _heads(results: bool, width: int) -> list[str]:
    if results:
        heads = ["results", "shortened", "before", "after", "shorter by", "again"]
        return heads if width >= 76 else ["results", "before", "after", "shorter by"]
    heads = ["requests", "input", "left out", "", "cache", "breaks", "billed", "without", "net"]
    if width >= 118:
        return heads
    if width >= 76:
        return [head for head in heads if head not in ("breaks", "without")]
    return ["left out", "", "billed", "net"]


def _of_requests(total: Total) -> dict[str, Text]:
    priced = total.priced > 0
    return {
        "requests": Text(f"{total.requests:,}"),
        "input": Text(count(total.input)),
        "left out": Text(count(total.tokens_saved), "green" if total.tokens_saved > 0 else ""),
        "": Text(percent(total.saved_fraction)),
        "cache": Text(percent(total.cache_rate) if total.input else "–"),
        "breaks": Text(str(total.broken), "bold red" if total.broken else "dim"),
        "billed": Text(money(total.billed) if priced else "–"),
        "without": Text(money(total.without) if priced else "–"),
        "net": Text(money(total.net) if priced else "–", "green" if total.net > 0 else "red"),
    }


def _of_results(total: Total) -> dict[str, Text]:
    gone = 1 - total.first_after / total.first_before if total.first_before else 0.0
    return {
        "results": Text(f"{total.results:,}"),
        "shortened": Text(f"{total.shortened:,}"),
        "before": Text(count(total.first_before)),
        "after": Text(count(total.first_after)),
        "shorter by": Text(percent(gone), "green" if gone > 0 else "dim"),
        "again": Text(str(total.again), "yellow" if total.again else "dim"),
    }


def _name(name: str, width: int) -> Text:
    """A name that fits; of a path the end says more than the beginning."""
    text = Text(clean.line(name) or "(left as they were)")
    if text.cell_len > width and "/" in name:
        while text.cell_len > width - 1:
            text = text[1:]
        return Text("…") + text
    return text
