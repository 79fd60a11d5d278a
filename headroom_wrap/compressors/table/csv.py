"""Delimited tables, exactly: what columns have in common is said above the rows.

csv (^ as above, * row in full)
id,time                         columns with a cell in each row
host = web-1                    the same in all rows
node = <host>                   as another column
url = https://x.org/<*>         the cell with its ends put back
text by code:                   told by another column's cell
 E1 = disk full
---
1,12:00:01,a,E1
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from headroom_wrap.compressors.table.columns import Column, describe
from headroom_wrap.compressors.table.records import Record, is_sound, split

ABOVE = "^"
_CELL = "<*>"
_RULE = "---"
_NOTE = "[… "
_LITERAL = "\\"
_FULL = "*"
_NAMES = {",": "csv", "\t": "tsv", ";": "csv;", "|": "csv|"}
_HEAD = re.compile(r"(csv|tsv|csv;|csv\|)( crlf)?(?: \(.*\))?")
_SAID = re.compile(r"(.*?) = (.*)", re.DOTALL)
_LEGEND = re.compile(r"(.*) by (.*):")
_ODD_NAME = re.compile(r" = | by |[<>\n]|^[ \\]|^---$|^$|:$")
_LEAST_DITTO = 8


def write(text: str, shown: str, delimiter: str, asked: Callable[[str], bool]) -> str | None:
    """The `shown` part of the table `text` with columns said once, or None when that cannot be.

    What is said of a column holds for all of `text`; rows `asked` for are in full.
    """
    crlf = text.count("\r\n") == text.count("\n") > 0
    if crlf:
        text, shown = text.replace("\r\n", "\n"), shown.replace("\r\n", "\n")
    head, *records = split(text, delimiter)
    rows = [r.cells for r in records if len(r.cells) == len(head.cells)]
    if len(rows) < 2 or not _is_plain(head) or _has_mark(rows):
        return None
    columns = describe(head.cells, rows)
    if not any(column.celled for column in columns):
        return None
    if shown != text:
        records = list(split(shown, delimiter))[1:]
        columns = _told(columns, [r.cells for r in records if len(r.cells) == len(columns)])
    body = "\n".join(_body(records, columns, delimiter, asked))
    kind = _NAMES[delimiter] + " crlf" * crlf
    return "\n".join([_with_notation(kind, body), *_schema(columns, delimiter), _RULE, body])


def is_written(text: str) -> bool:
    return _HEAD.fullmatch(text[: text.find("\n")]) is not None


def restore(text: str) -> str:
    head, _, rest = text.partition("\n")
    found = _HEAD.fullmatch(head)
    assert found
    delimiter = next(d for d, name in _NAMES.items() if name == found[1])
    lines = rest.split("\n")
    said = list(takewhile(lambda line: line != _RULE, lines))
    columns = list(_columns(said, delimiter))
    body = "\n".join(lines[len(said) + 1 :])
    told = [delimiter.join(c.name for c in columns), *_rows(body, columns, delimiter)]
    whole = "\n".join(told)
    return whole.replace("\n", "\r\n") if found[2] else whole


def _is_plain(head: Record) -> bool:
    return is_sound(head) and not any(map(_ODD_NAME.search, head.cells))


def _has_mark(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell could be taken for the mark of "as above"."""
    return any(ABOVE in row for row in rows)


def _told(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """The columns with no more in their legends than the rows need."""
    at = {column.name: i for i, column in enumerate(columns)}
    found = []
    for column in columns:
        if column.by:
            keys = {row[at[column.by]] for row in rows}
            column = replace(column, legend=tuple(p for p in column.legend if p[0] in keys))
        found.append(column)
    return found


def _with_notation(head: str, body: str) -> str:
    used = []
    if re.search(r"(?:^|[,;\t|])\^(?:$|[,;\t|])", body, re.MULTILINE):
        used.append("^ as above")
    if re.search(r"^\*", body, re.MULTILINE):
        used.append("* row in full")
    return f"{head} ({', '.join(used)})" if used else head


def _schema(columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    run: list[str] = []
    for column in columns:
        if column.celled and not column.front and not column.back:
            run.append(column.name)
            continue
        if run:
            yield delimiter.join(run)
            run = []
        if column.by:
            yield f"{column.name} by {column.by}:"
            yield from (f" {key} = {value}" for key, value in column.legend)
        elif column.like:
            yield f"{column.name} = <{column.like}>"
        elif column.fixed is not None:
            yield f"{column.name} = {column.fixed}"
        else:
            yield f"{column.name} = {column.front}{_CELL}{column.back}"
    if run:
        yield delimiter.join(run)


def _columns(lines: Sequence[str], delimiter: str) -> Iterator[Column]:
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if found := _SAID.fullmatch(line):
            name, said = found.groups()
            if _CELL in said:
                front, _, back = said.partition(_CELL)
                yield Column(name, front=front, back=back)
            elif said[:1] == "<":
                yield Column(name, like=said[1:-1])
            else:
                yield Column(name, fixed=said)
        elif found := _LEGEND.fullmatch(line):
            legend = list(takewhile(lambda line: line[:1] == " ", lines[at:]))
            at += len(legend)
            pairs = (entry[1:].partition(" = ") for entry in legend)
            yield Column(found[1], by=found[2], legend=tuple((k, v) for k, _, v in pairs))
        else:
            yield from map(Column, line.split(delimiter))


def _body(
    records: Sequence[Record],
    columns: Sequence[Column],
    delimiter: str,
    asked: Callable[[str], bool],
) -> Iterator[str]:
    above: list[str] = []
    for record in records:
        full = asked(record.text)
        if not _is_row(record, columns) or (full and "\n" in record.text):
            yield from map(_foreign, record.text.split("\n"))
            continue
        pairs = list(zip(columns, record.cells, strict=True))
        if full:
            said = _FULL + delimiter.join(cell for c, cell in pairs if c.fixed is None)
            above = []
        else:
            cells = [_cut(column, cell) for column, cell in pairs if column.celled]
            said = delimiter.join(_dittoed(cells, above))
            above = cells
            if not said or said.startswith((_NOTE, _LITERAL, _FULL)):
                above = []
                yield from map(_foreign, record.text.split("\n"))
                continue
        yield said


def _is_row(record: Record, columns: Sequence[Column]) -> bool:
    return len(record.cells) == len(columns) and is_sound(record)


def _foreign(line: str) -> str:
    return line if not line or line.startswith(_NOTE) else _LITERAL + line


def _is_foreign(line: str) -> bool:
    return not line or line.startswith((_NOTE, _LITERAL))


def _cut(column: Column, cell: str) -> str:
    return cell[len(column.front) : len(cell) - len(column.back)]


def _dittoed(cells: Sequence[str], above: Sequence[str]) -> list[str]:
    if not above:
        return list(cells)
    return [
        ABOVE if cell == before and len(cell) >= _LEAST_DITTO else cell
        for cell, before in zip(cells, above, strict=True)
    ]


def _rows(body: str, columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    above: list[str] = []
    legends = [dict(column.legend) for column in columns]
    for record in split(body, delimiter, _is_foreign):
        if not record.cells:
            yield record.text.removeprefix(_LITERAL)
        elif record.text.startswith(_FULL):
            [full] = split(record.text[1:], delimiter)
            cells = iter(full.cells)
            yield delimiter.join(
                c.fixed if c.fixed is not None else next(cells, "") for c in columns
            )
            above = []
        else:
            cut = list(record.cells)
            if above:
                cut = [b if cell == ABOVE else cell for cell, b in zip(cut, above, strict=False)]
            above = cut
            yield delimiter.join(_whole(columns, cut, legends))


def _whole(
    columns: Sequence[Column], cut: Sequence[str], legends: Sequence[dict[str, str]]
) -> list[str]:
    """All cells of a row, those that are said above included."""
    left = iter(cut)
    cells = [f"{c.front}{next(left, '')}{c.back}" if c.celled else c.fixed or "" for c in columns]
    # Names that others refer to stand for one column only.
    told = {c.name: cell for c, cell in zip(columns, cells, strict=True) if c.celled}
    if not {name for c in columns for name in (c.like, c.by) if name} <= told.keys():
        raise ValueError("a column is told by one that is not there")
    return [
        told[column.like] if column.like else legend.get(told[column.by], "") if column.by else cell
        for column, cell, legend in zip(columns, cells, legends, strict=True)
    ]
