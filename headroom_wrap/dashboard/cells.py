"""Lines of exact width out of pieces, whatever script they are in."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from headroom_wrap.report import clean

_MOST = 8


def fit(text: str, width: int, right: bool = False, end: bool = False) -> str:
    """The text in so many cells, cut with an … ; `end` keeps the end rather than the beginning."""
    if width <= 0:
        return ""
    # A line may be megabytes long, and it is drawn at every key.
    most = _MOST * width
    text = clean.line(text[-most:] if end else text[:most])
    size = cell_len(text)
    if size > width:
        text = _end(text, width) if end else set_cell_size(text, width - 1).rstrip() + "…"
        size = cell_len(text)
    pad = " " * (width - size)
    return pad + text if right else text + pad


def _end(text: str, width: int) -> str:
    while cell_len(text) > width - 1:
        text = text[1:]
    return "…" + text


def spread(left: Text, right: Sequence[Text], width: int) -> Text:
    """`left`, and as many of the pieces on the right as there is room for."""
    shown = list(right)
    while shown:
        joined = Text(" · ", "dim").join(shown)
        gap = width - left.cell_len - joined.cell_len
        if gap >= 2:
            return Text.assemble(left, " " * gap, joined)
        shown.pop()
    return left


def rule(title: str, width: int, focused: bool = False, note: str = "") -> Text:
    """`── title · note ─────`."""
    head = Text.assemble(
        ("━━ " if focused else "── ", "cyan" if focused else "dim"),
        (title, "bold cyan" if focused else "bold"),
        (f" · {clean.line(note)}" if note else "", "dim"),
        " ",
    )
    head.truncate(width)
    line = ("━" if focused else "─") * (width - head.cell_len)
    return head.append(line, "cyan" if focused else "dim")


def beside(left: Sequence[Text], right: Sequence[Text], width: int) -> list[Text]:
    """Two columns; `width` is that of the left one, and a gap of two follows it."""
    lines = []
    for at in range(max(len(left), len(right))):
        one = left[at].copy() if at < len(left) else Text()
        one.append(" " * (width + 2 - one.cell_len))
        lines.append(one.append_text(right[at]) if at < len(right) else one)
    return lines
