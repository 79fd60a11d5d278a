"""Tables of data as rows of cells; tables that only lay a page out are not ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from headroom_wrap.compressors.html.inline import Inline
from headroom_wrap.compressors.html.regions import UNREAD, hidden

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_LAYOUT = ", ".join(f"td {part}" for part in ("table", "pre", "ul ul", "h1", "h2", "form"))
_LONGEST_CELL = 1_500


def is_table(node: LexborNode) -> bool:
    """Whether the cells are data: several columns, and no page parts inside."""
    if node.css_first(_LAYOUT) is not None:
        return False
    rows = node.css("tr")
    if len(rows) < 2:
        return False
    widths = [len(row.css("td, th")) for row in rows[:20]]
    if max(widths) < 2:
        return False
    return all(len(cell.text()) <= _LONGEST_CELL for cell in node.css("td"))


def cells(node: LexborNode, left: Counter[str]) -> Iterator[list[str]]:
    """The rows, all as wide as the widest; a cell is one line."""
    rows = [[_words(cell, left) for cell in row.css("td, th")] for row in node.css("tr")]
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    for row in rows:
        yield [*row, *[""] * (width - len(row))]


def _words(cell: LexborNode, left: Counter[str]) -> str:
    from headroom_wrap.compressors.html.page import walk

    inline = Inline(left)

    def enters(node: LexborNode, tag: str) -> bool:
        if tag == "-text":
            inline.text(node.text(deep=False))
        elif tag[0] != "-" and (tag in UNREAD or hidden(node.attributes)):
            inline.apart()
        elif tag[0] != "-":
            inline.enter(node, tag)
            return True
        return False

    for _, tag, _ in walk(cell, enters):
        inline.leave(tag)
        if tag in ("p", "li", "div", "dt", "dd"):
            inline.text(" ")
    return inline.take().replace("\n", " ").replace("|", "\\|")
