"""Tables drawn for the eye (psql, mysql, boxes, markdown): their cells, and drawn again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_NUMBER = re.compile(r"[-+]?[\d,.]+(?:[eE][-+]?\d+)?%?")

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A table taken apart: how it was drawn, its rows with the header first, and what follows.

    Row `i` of the body stands on line `first + i` of the text, or takes `height` lines there.
    """

    how: str
    rows: tuple[Cells, ...]
    first: int
    tail: tuple[str, ...] = ()
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Style:
    """The signs of a kind of table: rules as (left, line, middle, right), bars around cells.

    `signs` tell where heads stand as a rule (centre, left, or as their column) and where numbers.
    """

    name: str
    rules: tuple[str, ...]
    bars: tuple[str, str]
    signs: str = "cl"
    between: bool = False


_STYLES = (
    _Style("psql", ("", " -+ ", ""), (" | ", " | "), "cr"),
    _Style("markdown", ("", "|-||", ""), ("|", "|")),
    _Style("mysql", ("+-++", "+-++", "+-++"), ("|", "|"), "lr"),
    _Style("box", ("┌─┬┐", "├─┼┤", "└─┴┘"), ("│", "│")),
    _Style("round", ("╭─┬╮", "├─┼┤", "╰─┴╯"), ("│", "│")),
    _Style("double", ("╔═╦╗", "╠═╬╣", "╚═╩╝"), ("║", "║")),
    _Style("rich", ("┏━┳┓", "┡━╇┩", "└─┴┘"), ("┃", "│"), "ll"),
    _Style("grid", ("+-++", "+=++", "+-++"), ("|", "|"), "lr", between=True),
)
_HOW = re.compile(r"(\w+)(?: ([clr][lr]))?( cut)?(, open)?(?:, widths ([\d.]{1,999}))?")
_WIDEST = 10_000
_HEADS = "clr"
_NUMBERS = "lr"


def parse(text: str) -> Drawing | None:
    """The table that `text` is, when drawing it again gives the text."""
    lines = text.split("\n")
    if len(lines) < 4:
        return None
    for style in _STYLES:
        if not _begins(lines, style):
            continue
        drawing = _parsed(lines, style)
        if drawing is None:
            continue
        wide = drawing.how + _widths(lines[drawing.first - 1], drawing.rows)
        # Only psql pads the last cell of heads, and whoever trimmed the text took that away.
        cut = " cut" * (style.name == "psql" and not any(line[-1:] == " " for line in lines))
        for signs in (style.signs, *(head + number for head in _HEADS for number in _NUMBERS)):
            how = f"{style.name}{'' if signs == style.signs else f' {signs}'}{cut}{wide}"
            # A rule that is cut off has no widths.
            if knows(how) and draw(how, drawing.rows, drawing.tail) == text:
                return Drawing(how, drawing.rows, drawing.first, drawing.tail)
    return None


def rough(text: str) -> Drawing | None:
    """The cells of a table that was drawn in a way of its own, such as with wide characters."""
    lines = text.split("\n")
    found = (_parsed(lines, style) for style in _STYLES if _begins(lines, style))
    drawing = next(filter(None, found), None) if len(lines) >= 4 else None
    return drawing and replace(drawing, how="grid" * _doubly_ruled(lines, drawing))


def begins(text: str) -> bool:
    """Whether the first lines are those of a drawn table."""
    lines = text[:20_000].split("\n", 3)[:3]
    return len(lines) == 3 and any(_begins(lines, style) for style in _STYLES)


def knows(how: str) -> bool:
    found = _HOW.fullmatch(how)
    return found is not None and any(style.name == found[1] for style in _STYLES)


def draw(how: str, rows: Sequence[Cells], tail: Sequence[str]) -> str:
    """The table as text; rows of another width stand as they are."""
    found = _HOW.fullmatch(how)
    assert found
    style = next(style for style in _STYLES if style.name == found[1])
    signs, cut = found[2] or style.signs, found[3]
    width = len(rows[0])
    whole = [row for row in rows if len(row) == width]
    widths = [max(map(len, column)) for column in zip(*whole, strict=True)]
    if found[5]:
        widths = fitted(found[5], widths)
    numeric = [_is_numeric(column[1:]) for column in zip(*whole, strict=True)]
    aligned = [signs[1] if is_number else "l" for is_number in numeric]
    heads = [a if signs[0] == "r" else signs[0] for a in aligned]
    lines = [_rule(style.rules[0], widths, style), _row(rows[0], widths, heads, style, 0)]
    lines.append(_rule(style.rules[1], widths, style))
    for i, row in enumerate(rows[1:]):
        if style.between and i:
            lines.append(_rule(style.rules[0], widths, style))
        lines.append(_row(row, widths, aligned, style, 1) if len(row) == width else row[0])
    if not found[4]:
        lines.append(_rule(style.rules[2], widths, style))
    drawn = [line for line in lines if line]
    return "\n".join([*(map(str.rstrip, drawn) if cut else drawn), *tail])


def fitted(said: str, widths: Sequence[int]) -> list[int]:
    """The widths that are said, as far as the cells need no more."""
    told = [min(int(n), _WIDEST) for n in said.split(".") if n]
    return [max(pair) for pair in zip(widths, (*told, *widths[len(told) :]), strict=False)]


def _widths(rule: str, rows: Sequence[Cells]) -> str:
    """What the rule says of columns that are wider than their cells: rows below were cut off."""
    said = [len(run) - 2 for run in re.findall(r"[-─═━=]+", rule)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "" if said == widths else f", widths {'.'.join(map(str, said))}"


def _is_numeric(values: Sequence[str]) -> bool:
    """Whether a column is set as one of numbers; what is unknown stands where numbers would."""
    told = [value for value in values if value not in ("", "NULL")]
    return bool(told) and all(map(_NUMBER.fullmatch, told))


def _rule(signs: str, widths: Sequence[int], style: _Style) -> str:
    if not signs:
        return ""
    left, line, middle, right = tuple(signs)
    drawn = f"{left}{middle.join(line * (w + 2) for w in widths)}{right}"
    return drawn.strip() if style.name == "psql" else drawn


def _row(
    row: Cells, widths: Sequence[int], aligned: Sequence[str], style: _Style, body: int
) -> str:
    cells = [_padded(*triple) for triple in zip(row, widths, aligned, strict=True)]
    bar = style.bars[body]
    if style.name != "psql":
        return f"{bar} {f' {bar} '.join(cells)} {bar}"
    if body and aligned[-1] == "l":
        cells[-1] = row[-1]
    return f" {bar.join(cells)}" + " " * (not body)


def _padded(cell: str, width: int, how: str) -> str:
    if how == "l":
        return cell.ljust(width)
    if how == "r":
        return cell.rjust(width)
    left = (width - len(cell)) // 2
    return f"{' ' * left}{cell}".ljust(width)


def _begins(lines: Sequence[str], style: _Style) -> bool:
    rule = next(i for i, signs in enumerate(style.rules) if signs)
    line = lines[rule].rstrip()
    signs = style.rules[rule].strip()
    least = 4 if style.name == "markdown" else 2
    return len(line) > least and _is_rule(line, signs)


def _is_rule(line: str, signs: str) -> bool:
    return bool(line and signs) and set(line.rstrip()) <= set(signs) and line[0] == signs[0]


def _parsed(lines: Sequence[str], style: _Style) -> Drawing | None:
    first = 3 if style.rules[0] else 2
    rows = [_cells(lines[first - 2], style, 0)]
    width = len(rows[0])
    at = first
    step = 2 if style.between else 1
    while at < len(lines):
        row = _cells(lines[at], style, 1)
        if len(row) != width or (row == _cells(lines[first - 1], style, 1)):
            break
        rows.append(row)
        at += step
    closed = _is_rule(lines[at] if at < len(lines) else "", style.rules[2])
    at += closed - (style.between and len(rows) > 1)
    if width < 2 or len(rows) < 3:
        return None
    how = "" if closed or not style.rules[2] else ", open"
    return Drawing(how, tuple(rows), first, tuple(lines[at:]))


def _doubly_ruled(lines: Sequence[str], drawing: Drawing) -> bool:
    """Whether a rule stands below each row."""
    return len(drawing.rows) > 2 and lines[drawing.first + 1][:2] == "+-"


def _cells(line: str, style: _Style, body: int) -> Cells:
    bar = style.bars[body]
    if style.name == "psql":
        return tuple(cell.strip(" ") for cell in line.split("|"))
    line = line.rstrip(" ")
    if len(line) < 4 or line[0] != bar or line[-1] != bar:
        return ()
    return tuple(cell.strip(" ") for cell in line[1:-1].split(bar))


def lines_of(drawing: Drawing) -> Iterator[int]:
    """The line that each row of the body stands on, or begins at."""
    step = 2 if drawing.how.startswith("grid") else drawing.height
    return iter(range(drawing.first, drawing.first + step * (len(drawing.rows) - 1), step))
