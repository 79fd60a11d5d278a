"""Tables: what columns have in common said once, padding dropped, rows like others counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.table import aligned, choose, csv, drawn, expanded, listed, pairs
from headroom_wrap.compressors.table.drawn import Cells, Drawing
from headroom_wrap.compressors.table.records import plain, sniff, split
from headroom_wrap.detect.commands import programs
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "table"

_NAMES = (".csv", ".tsv", ".tab", ".psv")
_PROGRAMS = frozenset(
    "kubectl oc docker podman docker-compose ps df column helm crictl systemctl netstat ss lsof "
    "lsblk free pip pip3 conda aws gcloud az gh psql sqlite3 mysql duckdb vmstat iostat nomad "
    "virsh lxc flyctl heroku terraform wrangler".split()
)
# What these print is told line by line.
_TELLS = frozenset("logs events exec run build".split())
# No two parts of it may match the same: a line of capitals would take for ever.
_HEADER = re.compile(
    r"[A-Z][A-Z0-9%()/_:#-]*(?: (?![A-Z%#])[A-Z0-9%()/_:#-]+)* +[A-Z%#][A-Z0-9%()/_:# -]*"
)
# Profilers and `top` have a summary above their columns.
_TOOLS = re.compile(
    r"PID +USER +.* COMMAND|ncalls +tottime +percall +cumtime +percall .*"
    r"|(?:flat +flat% +sum% +cum +cum%.*)"
)
_HEAD, _HEAD_LINES = 8_000, 40
_RULE = re.compile(r"-{2,}(?: +-{2,})+ *")
_DPKG = "Desired=Unknown/Install/Remove/"
_STYLES = (drawn, aligned, expanded)
_MARK = re.compile(r"\[(\w[^\];]*)(?:; (\d+) more lines? below)?\]")


def score(text: str, origin: Origin) -> float:
    if drawn.begins(text) or expanded.begins(text):
        return 0.95
    named = _is_named(origin)
    delimiter = sniff(text, named)
    if not delimiter:
        return _aligned_score(text, origin)
    if named:
        return 1.0
    return 0.85 if delimiter in ",\t" or _has_header(text, delimiter) else 0.6


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    body = text.removesuffix("\n")
    drawing = drawn.parse(body) if drawn.begins(text) else None
    if drawing is None and (delimiter := sniff(text, _is_named(origin))):
        return _delimited(text, delimiter, ask, origin.command)
    drawing = drawing or (expanded.parse(body) if expanded.begins(text) else aligned.parse(body))
    if drawing:
        return _drawn(text, drawing, ask, origin.command)
    rough = drawn.rough(body) if drawn.begins(text) else aligned.rough(body) or listed.parse(body)
    if rough is None and pairs.are_pairs(text):
        return pairs.squeeze(text, ask, origin.command)
    return _thinned(text, rough, ask, origin.command) if rough and ask.level.folds else None


def expand(text: str) -> str:
    mark, _, rest = text.partition("\n")
    found = _MARK.fullmatch(mark)
    style = found and next((s for s in _STYLES if s.knows(found[1])), None)
    if not found or not style:
        return csv.restore(text) if csv.is_written(text) else text
    ending = "\n" * rest.endswith("\n")
    lines = rest.removesuffix("\n").split("\n")
    below = len(lines) - int((found[2] or "0")[:9])
    flat = expand("\n".join(lines[:below]))
    delimiter = "\t" if "\t" in flat.split("\n", 1)[0] else "|"
    rows = [tuple(line.split(delimiter)) for line in flat.split("\n")]
    drawing: str = style.draw(found[1], rows, lines[below:])
    return drawing + ending


def _is_named(origin: Origin) -> bool:
    """Whether the file that is shown is called a table."""
    return origin.path.endswith(_NAMES) or any(
        arg.endswith(_NAMES) for p in programs(origin.command) for arg in p.args
    )


def _aligned_score(text: str, origin: Origin) -> float:
    head, _, rest = text.partition("\n")
    if head.startswith(_DPKG):
        return 1.0
    above = aligned.below(text[:_HEAD].split("\n"))
    if above and rest:
        head, _, rest = text.split("\n", above)[-1].partition("\n")
        return 0.9 if _TOOLS.fullmatch(head.strip()) else 0.0
    if "  " not in head or not rest:
        return _listed_score(text)
    if _RULE.fullmatch(rest.split("\n", 1)[0]):
        return 0.9
    named = any(
        p.name in _PROGRAMS and not _TELLS.intersection(p.args) for p in programs(origin.command)
    )
    upper = _HEADER.fullmatch(head.strip()) is not None
    if named or upper:
        return 0.9 if named and upper else 0.7
    if aligned.is_set(text[:_HEAD].split("\n")[:_HEAD_LINES]):
        return 0.65
    return _listed_score(text)


def _listed_score(text: str) -> float:
    return 0.6 if listed.are_listed(text) or pairs.are_pairs(text) else 0.0


def _has_header(text: str, delimiter: str) -> bool:
    """Whether the first line has names where the others have values."""
    head, _, rest = text.partition("\n")
    return not re.search(r"\d", head) and re.search(r"\d", rest[:400]) is not None


def _drawn(text: str, drawing: Drawing, ask: Ask, command: str) -> Squeezed | None:
    """The table as delimited text below a line that says how it was drawn."""
    delimiter = _delimiter(drawing.rows)
    if not delimiter:
        return None
    flat = "\n".join(map(delimiter.join, drawing.rows))
    quoted = any(cell[:1] == '"' for row in drawing.rows for cell in row)
    result = _delimited(flat, delimiter, ask, command, quotes=not quoted)
    below = len(drawing.tail)
    note = f"; {below} more line{'s' * (below != 1)} below" if below else ""
    body = result.text if result else flat
    hidden = result.gaps if result else ()
    how = drawing.how + (_widths(drawing, hidden) if hidden else "")
    said = "\n".join([f"[{how}{note}]", body, *drawing.tail])
    said += "\n" * text.endswith("\n")
    at = list(drawn.lines_of(drawing))
    gaps = tuple((at[a - 1], at[b - 2] + drawing.height) for a, b in hidden)
    return gained(text, Squeezed(said, NAME, exact=not gaps, gaps=gaps))


def _widths(drawing: Drawing, hidden: Sequence[tuple[int, int]]) -> str:
    """How wide the columns are, where only rows that are not shown tell."""
    if ", widths " in drawing.how or drawing.height > 1:
        return ""
    left = {i for start, end in hidden for i in range(start, end)}
    shown = [row for i, row in enumerate(drawing.rows) if i not in left]
    full = [max(map(len, column)) for column in zip(*drawing.rows, strict=True)]
    if full == [max(map(len, column)) for column in zip(*shown, strict=True)]:
        return ""
    return f", widths {'.'.join(map(str, full))}"


def _thinned(text: str, drawing: Drawing, ask: Ask, command: str) -> Squeezed | None:
    """The table as it is drawn, without the rows that are like others."""
    head, *body = drawing.rows
    rows = [
        choose.Row(line, line + 1, cells)
        for line, cells in zip(drawn.lines_of(drawing), body, strict=True)
    ]
    shown, gaps = choose.fold(text, head, rows, choose.Asked(f"{ask.query}\n{command}", rows))
    return gained(text, Squeezed(shown, NAME, exact=False, gaps=gaps)) if gaps else None


def _delimiter(rows: Sequence[Cells]) -> str:
    """A sign that no cell holds; "" if there is none, or a cell would look like a note."""
    cells = {cell for row in rows for cell in row}
    if any(cell.startswith("[… ") for cell in cells):
        return ""
    return next((sign for sign in "|\t" if not any(sign in cell for cell in cells)), "")


def _delimited(
    text: str, delimiter: str, ask: Ask, command: str, quotes: bool = True
) -> Squeezed | None:
    """Delimited text; without `quotes` in its notation a quote at the ends of a cell is its own."""
    head, *records = split(text, delimiter) if quotes else plain(text, delimiter)
    rows = [
        choose.Row(r.start, r.end, tuple(cell.strip('"\r ') for cell in r.cells))
        for r in records
        if len(r.cells) == len(head.cells)
    ]
    if not rows:
        return None
    asked = choose.Asked(f"{ask.query}\n{command}", rows)
    shown, gaps = choose.fold(text, head.cells, rows, asked) if ask.level.folds else (text, ())
    lines = text.split("\n")
    full = {"\n".join(lines[rows[i].start : rows[i].end]) for i in asked.full()}
    full |= {line.removesuffix("\r") for line in full}
    written = csv.write(text, shown, delimiter, full.__contains__) if quotes else None
    shorter = min(filter(None, (written, shown)), key=len)
    return gained(text, Squeezed(shorter, NAME, exact=not gaps, gaps=gaps))
