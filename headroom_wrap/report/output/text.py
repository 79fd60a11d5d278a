"""The comparison on the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from headroom_wrap.report import clean
from headroom_wrap.report.output.read import HELD_OUT, STEERED, Comparison, Found, label
from headroom_wrap.report.output.words import sentences
from headroom_wrap.report.period import Period

_NAMES = 28


def show(comparison: Comparison, found: Found, period: Period, console: Console) -> None:
    """Print all of it."""
    head = Text.assemble(("headroom", "bold"), f" · output · {period.words}")
    parts: list[RenderableType] = [head, Text(), _said(comparison, found)]
    if comparison.cells:
        parts += [Text(), _table(comparison, found)]
    console.print(Group(*parts))


def _said(comparison: Comparison, found: Found) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for heading, text in sentences(comparison, found):
        table.add_row(heading, Text(text, "" if heading else "dim"))
    return table


def _table(comparison: Comparison, found: Found) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for name in ("model", "agent", "answers to"):
        table.add_column(name, no_wrap=True, overflow="ellipsis", max_width=_NAMES)
    for name in ("steered", "tokens each", "held out", "tokens each", "compared"):
        table.add_column(name, justify="right", no_wrap=True)
    for stratum in comparison.strata:
        cells = [comparison.cell(stratum, side) for side in (STEERED, HELD_OUT)]
        figures = [text for c in cells for text in (f"{sum(c.turns.values()):,}", f"{c.mean:,.0f}")]
        compared = "yes" if label(stratum) in found.measured else "too few"
        table.add_row(*map(clean.line, stratum), *figures, compared)
    return table
