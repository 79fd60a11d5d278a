"""Columns held apart by blanks (kubectl, docker, ps, column -t): their cells, and set again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from headroom_wrap.compressors.table.drawn import Cells, Drawing, fitted

_HOW = re.compile(
    r"columns (left|[lr]+), ([\d.]+) apart(, ruled)?(, padded)?(?:, widths ([\d.]{1,999}))?"
)
_WORD = re.compile(r"\S+")
_RULE = re.compile(r"[-=]+(?: +[-=]+)+ *")
_HIGHEST = 8
_LEAST_ROWS = 4
_LEAST_COLUMNS = 3
_LEAST_SET = 12
_ROOM = 2
_MOSTLY_FILLED = 0.9
_MOSTLY_OUT = 0.04


def parse(text: str) -> Drawing | None:
    """The table that `text` is, when setting it again gives the text."""
    lines = text.split("\n")
    end = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
    body, tail = lines[:end], tuple(lines[end:])
    if len(body) < _LEAST_ROWS or any("\t" in line for line in body):
        return None
    ruled = _RULE.fullmatch(body[1]) is not None
    spans = _spans(body)
    if len(spans) < 2:
        return None
    rows = [_cut(line, spans) for line in body]
    sides = _sides(rows)
    if not sides:
        return None
    gaps = ".".join(str(b[0] - a[1]) for a, b in itertools.pairwise(spans))
    cells = tuple(tuple(c.strip(" ") for c in row) for row in (rows[:1] + rows[1 + ruled :]))
    said = sides if "r" in sides else "left"
    spaces = [end - start for start, end in spans]
    widest = [max(map(len, column)) for column in zip(*cells, strict=True)]
    wide = f", widths {'.'.join(map(str, spaces))}" if ruled and spaces != widest else ""
    for padded in ("", ", padded"):
        how = f"columns {said}, {_short(gaps)} apart{', ruled' * ruled}{padded}{wide}"
        if draw(how, cells, tail) == text:
            return Drawing(how, cells, 1 + ruled, tail)
    return None


def is_set(lines: Sequence[str]) -> bool:
    """Whether lines have filled columns with clear room between them, no heading in capitals."""
    spans = _roomy(_spans(lines)) if len(lines) >= _LEAST_SET else []
    if len(spans) < _LEAST_COLUMNS:
        return False
    cells = [cell for line in lines for cell in _cut(line, spans)]
    return sum(map(bool, map(str.strip, cells))) > _MOSTLY_FILLED * len(cells)


def rough(text: str) -> Drawing | None:
    """The cells of columns that cannot be set again: some overflow, or a legend stands above."""
    lines = text.split("\n")
    rule = next((i for i, line in enumerate(lines[:_HIGHEST]) if _underlined(line)), 0)
    head = max(rule - 1, 0) if rule else min(below(lines), len(lines) - 1)
    end = next((i for i in range(head, len(lines)) if not lines[i].strip()), len(lines))
    body = [lines[head], *lines[max(rule, head) + 1 : end]]
    if len(body) < _LEAST_ROWS or any("\t" in line for line in body):
        return None
    spans = _spans(body)
    if len(spans) < _LEAST_COLUMNS:
        spans = _spans(_fitting(body))
    if len(spans) < _LEAST_COLUMNS:
        return None
    rows = tuple(tuple(c.strip(" ") for c in _cut(line, spans)) for line in body)
    return Drawing("", rows, max(rule, head) + 1, tuple(lines[end:]))


def below(lines: Sequence[str]) -> int:
    """Where the table begins: under the last of the empty lines above its rows, if there are."""
    blank = (i for i in range(min(_HIGHEST, len(lines)) - 1, -1, -1) if not lines[i].strip())
    return next(blank, -1) + 1


def _roomy(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with those joined that one blank parts, such as a day and its time."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start - found[-1][1] < _ROOM:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _underlined(line: str) -> bool:
    """Whether a line rules columns off: `---  ----`, or dpkg's `+++-====-====`."""
    bare = line.rstrip(" ")
    if len(bare) < 4 or set(bare) - set("-=+ ") or bare[-1] not in "-=":
        return False
    first = bare.find(" ") if " " in bare else len(bare) - 2
    corner = max(bare.rfind("+") + 1, 2)
    return any(letter in " -" for letter in bare[corner : first + 1])


def knows(how: str) -> bool:
    return _HOW.fullmatch(how) is not None


def draw(how: str, rows: Sequence[Cells], tail: Sequence[str]) -> str:
    """The table as text; rows of another width stand as they are."""
    found = _HOW.fullmatch(how)
    assert found
    sides, said, ruled, padded, wide = found.groups()
    sides = "l" * len(rows[0]) if sides == "left" else sides
    numbers = [int(n[:3]) for n in said.split(".") if n]
    gaps = numbers if "." in said else numbers * (len(rows[0]) - 1)
    whole = [row for row in rows if len(row) == len(rows[0])]
    widths = [max(map(len, column)) for column in zip(*whole, strict=True)]
    if wide:
        widths = fitted(wide, widths)
    lines = [_set(row, widths, sides, gaps) if len(row) == len(widths) else row[0] for row in rows]
    if ruled:
        lines.insert(1, _set(tuple("-" * w for w in widths), widths, sides, gaps))
    return "\n".join([*(lines if padded else map(str.rstrip, lines)), *tail])


def _set(row: Cells, widths: Sequence[int], sides: str, gaps: Sequence[int]) -> str:
    cells = [
        cell.ljust(width) if side == "l" else cell.rjust(width)
        for cell, width, side in zip(row, widths, sides, strict=False)
    ]
    return "".join(f"{' ' * gap}{cell}" for gap, cell in zip((0, *gaps), cells, strict=False))


def _short(gaps: str) -> str:
    """One number where all gaps are equal."""
    return gaps.split(".")[0] if len(set(gaps.split("."))) == 1 else f"{gaps}."


def _spans(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Where there is a column: the places that are not blank on every line."""
    mask = bytearray(max(map(len, lines)))
    for line in lines:
        for word in _WORD.finditer(line):
            mask[word.start() : word.end()] = b"\1" * (word.end() - word.start())
    found = [m.span() for m in re.finditer(rb"\x01+", bytes(mask))]
    # What stands below and behind the last heading may have blanks of its own.
    ends = len(lines[0].rstrip(" "))
    last = next((i for i, (_, end) in enumerate(found) if end >= ends), len(found) - 1)
    return [*found[:last], (found[last][0], len(mask))] if found else []


def _fitting(lines: Sequence[str]) -> list[str]:
    """The lines without the few whose words stand where most others have blanks."""
    filled = [0] * (max(map(len, lines)) + 1)
    for line in lines:
        for word in _WORD.finditer(line):
            filled[word.start()] += 1
            filled[word.end()] -= 1
    few = _MOSTLY_OUT * len(lines)
    blank = [i for i, count in enumerate(itertools.accumulate(filled)) if 0 < count <= few]
    return [line for line in lines if not any(line[i : i + 1].strip() for i in blank)]


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    return [line[start:end].ljust(end - start) for start, end in spans]


def _sides(rows: Sequence[Sequence[str]]) -> str:
    """Which way each column is set; "" when one is neither."""
    sides = ""
    for column in zip(*rows, strict=True):
        filled = [cell for cell in column if cell.strip(" ")]
        if all(cell[0] != " " for cell in filled):
            sides += "l"
        elif all(cell[-1] != " " for cell in filled):
            sides += "r"
        else:
            return ""
    return sides
