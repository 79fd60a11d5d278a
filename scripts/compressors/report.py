"""The figures of the benchmark as tables that can be pasted into Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench import Row

_HEAD = (
    "kind cases before after saved% inline% retrieved% worst ms/10k·p50 p95 CPU·ms·p50 p95 "
    "determ.% stable%".replace(" ", "\t")
    .replace("·", " ")
    .split("\t")
)


def table(ours: Sequence[Row], theirs: Sequence[Row]) -> str:
    """A line per kind and one for all; the rival's two figures beside ours when it ran."""
    head = [*_HEAD, *(["rival saved%", "rival inline%"] if theirs else [])]
    lines = [head]
    for kind in [*sorted({row.kind for row in ours}), ""]:
        cells = _figures(_of(ours, kind))
        if theirs:
            cells += [_saved(_of(theirs, kind)), _inline(_of(theirs, kind))]
        lines.append([kind or "all", *cells])
    return _aligned(lines)


def confusion(rows: Sequence[Row]) -> str:
    """How many results of each kind went to which compressor."""
    found = {(row.kind, name) for row in rows for name in row.compressors}
    names = sorted({name for _, name in found})
    lines = [["results of a kind, by compressor", *names]]
    for kind in sorted({row.kind for row in rows}):
        counts = Counter(name for row in _of(rows, kind) for name in row.compressors)
        lines.append([kind, *(str(counts[name] or "") for name in names)])
    return _aligned(lines)


def cases(rows: Sequence[Row]) -> str:
    """A line per case, and below it what is not in sight."""
    lines = [["case", "before", "after", "saved%", "ms/10k", "CPU ms", "compressors"]]
    for row in rows:
        used = ", ".join(sorted(set(row.compressors)))
        times = [f"{row.ms:.1f}", f"{row.cpu_ms:.1f}"]
        cells = [f"{row.before:,}", f"{row.after:,}", _saved([row]), *times, used]
        lines.append([row.id, *cells])
        lines += [[f"  lost: {needle[:90]!r}", *[""] * 6] for needle in row.lost]
    return _aligned(lines)


def _of(rows: Iterable[Row], kind: str) -> list[Row]:
    return [row for row in rows if not kind or row.kind == kind]


def _figures(rows: Sequence[Row]) -> list[str]:
    needles = sum(row.needles for row in rows)
    return [
        str(len(rows)),
        f"{sum(row.before for row in rows):,}",
        f"{sum(row.after for row in rows):,}",
        _saved(rows),
        _inline(rows),
        _share(sum(row.retrievable for row in rows), needles),
        f"{max((row.after / row.before for row in rows if row.before), default=0):.3f}",
        *_usual_and_slow(row.ms for row in rows),
        *_usual_and_slow(row.cpu_ms for row in rows),
        _share(sum(bool(row.deterministic) for row in rows), len(rows)),
        _share(sum(bool(row.stable) for row in rows), len(rows)),
    ]


def _usual_and_slow(times: Iterable[float]) -> list[str]:
    """The median, and what 95 of 100 do not exceed."""
    ordered = sorted(times)
    places = (min(len(ordered) - 1, int(share * len(ordered))) for share in (0.5, 0.95))
    return [f"{ordered[place]:.1f}" for place in places]


def _saved(rows: Sequence[Row]) -> str:
    return _share(sum(row.before - row.after for row in rows), sum(row.before for row in rows))


def _inline(rows: Sequence[Row]) -> str:
    return _share(sum(row.inline for row in rows), sum(row.needles for row in rows))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def rows() -> Iterator[str]:
        for cells in (lines[0], rule, *lines[1:]):
            padded = [cells[0].ljust(widths[0])]
            padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
            yield f"| {' | '.join(padded)} |"

    return "\n".join(rows()) + "\n"
