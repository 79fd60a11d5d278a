"""One page written as lines of text, each labelled with the part of the frame it belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headroom_wrap.compressors._labels import counted
from headroom_wrap.compressors.html.inline import Inline
from headroom_wrap.compressors.html.regions import UNREAD, Regions, hidden
from headroom_wrap.compressors.html.tables import cells, is_table

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS = frozenset(
    "address article aside blockquote body center caption dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol "
    "optgroup option p pre section summary table tbody td tfoot th thead tr ul html".split()
)
_APART = frozenset("p pre h1 h2 h3 h4 h5 h6 blockquote table ul ol dl figure details".split())
_HEADING = re.compile(r"h[1-6]$")
_CONTROLS = frozenset("button input select textarea option".split())
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight(?:-source)?)-([\w+#-]{1,20})")
_DEEPEST = 24
# The parser leaves these out, and what stands on both sides would become one word.
_DROPPED = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Page:
    """`labels` name the part of the frame a line is from ("" is the text itself)."""

    lines: tuple[str, ...]
    labels: tuple[str, ...]
    left_out: str
    """A note with the counts of what is no text: scripts, drawings, controls, links inside."""


def read(html: str) -> Page:
    """The page that `html` is, however broken."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_DROPPED.sub("\ufffd", html))
    writer = _Writer(tree)
    return writer.page()


class _Writer:
    """Walks the tree once; what it has said so far is in `lines`."""

    def __init__(self, tree: object) -> None:
        self.tree = tree
        self.lines: list[str] = []
        self.labels: list[str] = []
        self.left: Counter[str] = Counter()
        self.inline = Inline(self.left)
        self.margins: list[str] = []
        self.lists: list[int] = []
        self.lead = ""
        self.frame = ""
        self.frame_end = 0
        self.main_end = 0

    def page(self) -> Page:
        title = self.tree.css_first("head title")  # type: ignore[attr-defined]
        body = self.tree.body  # type: ignore[attr-defined]
        if title and title.text().strip():
            self._line(f"# {' '.join(title.text().split())}")
        for tag in ("script", "style"):
            found = len(self.tree.css(f"head {tag}"))  # type: ignore[attr-defined]
            self.left[UNREAD[tag]] += found
        if body is not None:
            self.regions = Regions(body)
            for node, tag, entering in walk(body, self._enters):
                if not entering:
                    self._leave(node, tag)
            self._flush()
        return Page(tuple(self.lines), tuple(self.labels), self._note())

    def _note(self) -> str:
        counts = [counted(n, what) for what, n in self.left.items() if what and n]
        return f"[… {', '.join(counts)}]" if counts else ""

    def _enters(self, node: LexborNode, tag: str) -> bool:
        """Begin an element; whether its children are to be read."""
        if tag == "-text":
            self.inline.text(node.text(deep=False))
            return False
        if tag[0] == "-":
            return False
        if tag in UNREAD or hidden(node.attributes):
            return self._leave_out(UNREAD.get(tag, "hidden part"))
        if tag in _CONTROLS:
            return self._leave_out("control")
        if tag == "pre":
            self._code(node)
            return False
        if tag == "table" and is_table(node):
            self._table(node)
            return False
        if tag in _BLOCKS:
            self._begin(node, tag)
        else:
            self.inline.enter(node, tag)
        return True

    def _leave_out(self, what: str) -> bool:
        self.left[what] += 1
        self.inline.apart()
        return False

    def _begin(self, node: LexborNode, tag: str) -> None:
        self._flush()
        if node.mem_id == self.regions.main:
            self.main_end = node.mem_id
        if not self.frame:
            frame = self.regions.frame(node, tag, bool(self.main_end))
            if not frame and not self.main_end and self.regions.beside(node):
                frame = "the frame"
            if frame:
                self.frame, self.frame_end = f"line of {frame}|lines of {frame}", node.mem_id
        if tag in _APART and not self.lists:
            self._gap()
        if tag in ("ul", "ol", "menu", "dir"):
            start = node.attributes.get("start") or "1"
            self.lists.append(int(start) if tag == "ol" and start.isdecimal() else 0)
        elif tag == "li":
            self.lead = "- "
            if self.lists and self.lists[-1]:
                self.lead = f"{self.lists[-1]}. "
                self.lists[-1] += 1
            self._indent(" " * len(self.lead))
        elif tag == "dd":
            self._indent("  ")
        elif tag == "blockquote":
            self._indent("> ")
        elif _HEADING.match(tag):
            self.lead = "#" * int(tag[1]) + " "

    def _leave(self, node: LexborNode, tag: str) -> None:
        if tag not in _BLOCKS:
            self.inline.leave(tag)
            return
        self._flush()
        if tag in ("ul", "ol", "menu", "dir") and self.lists:
            self.lists.pop()
        elif tag in ("li", "dd", "blockquote"):
            self._outdent()
        self.lead = ""
        if tag in _APART and not self.lists:
            self._gap()
        if node.mem_id == self.frame_end:
            self.frame, self.frame_end = "", 0
        if node.mem_id == self.main_end:
            self.main_end = 0

    def _indent(self, margin: str) -> None:
        self.margins.append(margin if len(self.margins) < _DEEPEST else "")

    def _outdent(self) -> None:
        if self.margins:
            self.margins.pop()

    def _flush(self) -> None:
        words = self.inline.take()
        if not words:
            return
        margin = "".join(self.margins)
        first = margin + self.lead
        if self.lead[:1] not in ("#", ""):
            first = "".join(self.margins[:-1]) + self.lead
        for i, line in enumerate(words.split("\n")):
            self._line((margin if i else first) + line)
        self.lead = ""

    def _code(self, node: LexborNode) -> None:
        self._flush()
        code = node.text().strip("\n")
        if not code.strip():
            return
        margin = "".join(self.margins)
        self._gap()
        self._line(f"{margin}```{_language(node)}")
        for line in code.split("\n"):
            self._line(f"{margin}{line.rstrip()}")
        self._line(f"{margin}```")
        self._gap()

    def _table(self, node: LexborNode) -> None:
        self._flush()
        margin = "".join(self.margins)
        self._gap()
        for i, row in enumerate(cells(node, self.left)):
            self._line(f"{margin}| {' | '.join(row)} |")
            if i == 0:
                self._line(f"{margin}|{'---|' * len(row)}")
        self._gap()

    def _line(self, line: str) -> None:
        self.lines.append(line)
        self.labels.append(self.frame)

    def _gap(self) -> None:
        if self.lines and self.lines[-1]:
            self._line("")


def walk(root: LexborNode, enters: object) -> Iterator[tuple[LexborNode, str, bool]]:
    """Every node below `root` that was entered, when it is left; deep trees are no matter."""
    node = root.child
    while node is not None:
        tag = node.tag or "-"
        down = enters(node, tag)  # type: ignore[operator]
        if down and node.child is not None:
            node = node.child
            continue
        if down:
            yield node, tag, False
        while node.next is None:
            node = node.parent
            if node is None or node.mem_id == root.mem_id:
                return
            yield node, node.tag or "-", False
        node = node.next


def _language(node: LexborNode) -> str:
    inner = node.css_first("code")
    around = (node, inner, node.parent, node.parent and node.parent.parent)
    for place in around:
        match = place and _LANGUAGE.search((place.attributes.get("class") or "")[:200])
        if match and match[1] not in ("default", "none", "text"):
            return str(match[1])
    return ""
