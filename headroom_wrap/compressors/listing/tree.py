"""Trees drawn with lines and corners, as indentation: where branches end is drawn again."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = re.compile(r"\[tree(?: (\w+))?(?:; goes on at ([\d ]+))?(?:; names side by side)?\]")
_LITERAL = "\\"
_NOTE = "[… "
# A note that ends so stands in front of one of its own branch.
ELSEWHERE = " told elsewhere"
_LEAST_DRAWN = 0.6


@dataclass(frozen=True)
class _Style:
    """How a program draws: what stands before a name, and below its ancestors."""

    name: str
    bar: str
    blank: str
    tee: str
    corner: str
    parent_tee: str = ""
    parent_corner: str = ""

    @functools.cached_property
    def ends(self) -> tuple[str, ...]:
        """What may stand right before a name."""
        branches = (self.parent_tee, self.parent_corner, self.tee, self.corner)
        return tuple(filter(None, branches))

    def branch(self, last: bool, parent: bool) -> str:
        if parent and self.parent_tee:
            return self.parent_corner if last else self.parent_tee
        return self.corner if last else self.tee


_STYLES = (
    _Style("", "│\u00a0\u00a0 ", "    ", "├── ", "└── "),
    _Style("plain", "│   ", "    ", "├── ", "└── "),
    _Style("ascii", "|   ", "    ", "|-- ", "`-- "),
    _Style("npm", "│ ", "  ", "├── ", "└── ", "├─┬ ", "└─┬ "),
    _Style("yarn", "│  ", "   ", "├─ ", "└─ "),
)
_DRAWN = re.compile(r"^[│| \u00a0]*(?:[├└]─+┬? |\|-- |`-- )")

Row = tuple[int, str]


def drawn(lines: Sequence[str]) -> float:
    """The share of lines that are branches."""
    return sum(bool(_DRAWN.match(line)) for line in lines) / len(lines) if lines else 0.0


def name_of(line: str) -> str:
    """What a line names, without the branch that leads to it."""
    found = _DRAWN.match(line)
    return line[found.end() :] if found else line


def write(lines: Sequence[str]) -> tuple[str, list[str]] | None:
    """A first line that names the style, and each line as its depth in blanks and its name."""
    if drawn(lines[:200]) < _LEAST_DRAWN:
        return None
    for style in sorted(_STYLES, key=lambda style: _foreign(lines, style)):
        rows = _placed([_row(line, style) for line in lines])
        going = _going(lines, rows, style)
        if _draw(rows, style, going) == list(lines):
            return _mark(style, going), [_said(depth, name) for depth, name in rows]
    return None


def _placed(rows: list[Row]) -> list[Row]:
    """The rows with notes as deep as the deeper branch around them, or as the one below."""
    depths = [0, *(depth for depth, _ in rows), 0]

    def placed(i: int, depth: int, name: str) -> int:
        if not name.startswith(_NOTE):
            return depth
        return depths[i + 2] if name.endswith(f"{ELSEWHERE}]") else max(depths[i], depths[i + 2])

    return [(placed(i, depth, name), name) for i, (depth, name) in enumerate(rows)]


def _foreign(lines: Sequence[str], style: _Style) -> int:
    """How many branches are drawn in another style."""
    return sum(bool(_DRAWN.match(line)) and not _row(line, style)[0] for line in lines[:200])


def restore(mark: str, said: Sequence[str]) -> list[str]:
    found = _MARK.fullmatch(mark)
    assert found
    style = next(style for style in _STYLES if style.name == (found[1] or ""))
    return _draw([_heard(line) for line in said], style, set(map(int, (found[2] or "").split())))


def is_mark(line: str) -> bool:
    return _MARK.fullmatch(line) is not None


def _mark(style: _Style, going: set[int]) -> str:
    said = f"[tree {style.name}".rstrip()
    return said + (f"; goes on at {' '.join(map(str, sorted(going)))}" if going else "") + "]"


def _said(depth: int, name: str) -> str:
    literal = _LITERAL if name[:1] in (" ", _LITERAL) else ""
    return " " * depth + literal + name


def _heard(line: str) -> Row:
    name = line.lstrip(" ")
    return len(line) - len(name), name.removeprefix(_LITERAL)


def _row(line: str, style: _Style) -> Row:
    """The depth of a line, 0 where it is no branch, and what stands at its end."""
    at = depth = 0
    ends = style.ends
    while True:
        if line.startswith(ends, at):
            end = next(end for end in ends if line.startswith(end, at))
            return depth + 1, line[at + len(end) :]
        if line.startswith(style.bar, at):
            at += len(style.bar)
        elif line.startswith(style.blank, at):
            at += len(style.blank)
        else:
            return 0, line
        depth += 1


def _going(lines: Sequence[str], rows: Sequence[Row], style: _Style) -> set[int]:
    """The depths at which branches were cut off: drawn as if more came below the last line."""
    end = next((i for i in range(len(rows) - 1, -1, -1) if lines[i]), -1)
    if end < 0 or not rows[end][0]:
        return set()
    at, going = 0, set()
    for depth in range(1, rows[end][0]):
        bar = lines[end].startswith(style.bar, at)
        at += len(style.bar if bar else style.blank)
        going |= {depth} if bar else set()
    tees = tuple(filter(None, (style.tee, style.parent_tee)))
    return going | ({rows[end][0]} if lines[end].startswith(tees, at) else set())


def _draw(rows: Sequence[Row], style: _Style, going: set[int]) -> list[str]:
    """The lines from their depths: a branch is the last one if none of its depth follows."""
    drawn: list[str] = []
    end = next((i for i in range(len(rows) - 1, -1, -1) if rows[i] != (0, "")), -1)
    follows: set[int] = set()
    below = 0
    for i in range(len(rows) - 1, -1, -1):
        depth, name = rows[i]
        if i == end:
            follows = set(going)
        if not depth:
            follows = set()
            drawn.append(name)
        else:
            follows = {other for other in follows if other <= depth}
            units = (style.bar if k in follows else style.blank for k in range(1, depth))
            branch = style.branch(depth not in follows, below > depth)
            drawn.append(name if name.startswith(_NOTE) else "".join(units) + branch + name)
            follows.add(depth)
        below = depth
    return drawn[::-1]
