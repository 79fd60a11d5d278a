"""Tables: what columns have in common said once, padding dropped, rows like others counted."""

from __future__ import annotations

from headroom_wrap.compressors.table import choose, csv
from headroom_wrap.compressors.table.records import sniff, split
from headroom_wrap.detect.commands import programs
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "table"

_NAMES = (".csv", ".tsv", ".tab", ".psv")


def score(text: str, origin: Origin) -> float:
    delimiter = sniff(text)
    if not delimiter:
        return 0.0
    named = origin.path.endswith(_NAMES) or any(
        arg.endswith(_NAMES) for p in programs(origin.command) for arg in p.args
    )
    return 1.0 if named else 0.85 if delimiter in ",\t" else 0.6


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    delimiter = sniff(text)
    return _delimited(text, delimiter, ask, origin.command) if delimiter else None


def expand(text: str) -> str:
    return csv.restore(text) if csv.is_written(text) else text


def _delimited(text: str, delimiter: str, ask: Ask, command: str) -> Squeezed | None:
    head, *records = split(text, delimiter)
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
    written = csv.write(text, shown, delimiter, full.__contains__)
    shorter = min(filter(None, (written, shown)), key=len)
    if len(shorter) >= len(text):
        return None
    return Squeezed(shorter, NAME, exact=not gaps, gaps=gaps)
