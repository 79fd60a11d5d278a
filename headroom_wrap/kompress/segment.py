"""Cuts a text into the units that stay or go whole: sentences, items, code, tables, headings."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"^\s{0,12}(```+|~~~+)")
_HEADING = re.compile(r"^(#{1,6}\s+\S|[A-Z][A-Z0-9 ,/&()-]{2,60}$)")
_RULE = re.compile(r"^\s*([=~^*_-])(\s*\1){2,}\s*$")
_ITEM = re.compile(r"^(\s*)([-*+•·▪◦‣]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")
_TABLE = re.compile(r"^\s*\|.*\|\s*$|^\s*[+|][-=+| ]{4,}$|^\s*={3,}(\s+={3,})+\s*$")
_CODE_STARTS = re.compile(
    r"\$|>>>|\.\.\.|#!|//|import |from \w+ import|def |class |return\b|@\w|"
    r"[\w.\[\]'\"]+\s*[-+]?=\s*\S|</?\w[^>]*>\s*$|[\]})]+[,;]?\s*$"
)
_CALL = re.compile(r"\w\(\S*\)$")
# A line of words, as most are: no item, fence, table or heading.
_GOES_ON = re.compile(r"\s*[a-z][^.)]|\s+[A-Z][^.)]")
# Each step of the inner group is final (`(?=(…))\1` is an atomic group, which 3.10 does not have):
# else one word would be cut into links in all possible ways, and their number grows exponentially.
_LINK_ONLY = re.compile(
    r"^[\s•|>-]*(?:(?:!?\[[^\]]{0,999}\]|https?://\S)"
    r"(?:(?=(\[[^\]]{0,999}\]|<[^>]{1,999}>|\S))\1)*(?:\s[\s•|,]*|$)"
    r"|<[^>]{1,999}>[\s•|,]*)+$"
)
_END = re.compile(r"""(?<![.!?…])[.!?…]+["'”’)\]`*_]*\s+(?=["'“‘(\[`*_<]*[^\sa-z])""")
# What a dot belongs to that ends no sentence.
_SHORT = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|cf|al|resp|approx|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|No|Fig|fig|Eq|Sec|Vol|pp|ca|Inc|Ltd|Co|Corp|[A-Z])\.$"
)
_LONGEST_SHORT = len("approx.")
_NUMBERED = re.compile(r"\s*\(?\d+\.")
_WIDE = 6_000
_ITEM_WHOLE = 320
_WRAPPED = 2_000
_GROUP = 480
_JUDGED = 40
"""Lines by which a run is taken for program text."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch [start, end) of the text, white space behind it included.

    `kind`: sentence, item, heading, code, table, term or link. `block` numbers the paragraph,
    list or listing it belongs to; `tied`: it only makes sense together with the next unit;
    `sentences`: how many it holds.
    """

    start: int
    end: int
    kind: str
    block: int
    tied: bool = False
    sentences: int = 1


class _Line(NamedTuple):
    start: int
    end: int
    text: str
    indent: int
    blank: bool


def units(text: str) -> list[Unit]:
    """The units of a text, in order and without holes: their stretches join to `text`."""
    found: list[Unit] = []
    for number, (kind, lines) in enumerate(_blocks(_lines(text))):
        start, end = lines[0].start, lines[-1].end
        if kind in ("sentence", "item"):
            found += _sentences(text, start, end, kind, number)
        else:
            found.append(Unit(start, end, kind, number, tied=kind == "term"))
    closed = _closed(found, len(text), text)
    return _grouped(closed, text) if len(text) > _WRAPPED else closed


def _grouped(found: list[Unit], text: str) -> list[Unit]:
    """Join sentences that share a line: in hard-wrapped text a fact is as often a line."""
    grouped: list[Unit] = []
    for unit in found:
        last = grouped[-1] if grouped else unit
        shares = unit.start > 0 and "\n" not in text[unit.start - 1 : unit.start]
        broken = (
            "\n" in text[last.start : last.end].rstrip()
            or "\n" in text[unit.start : unit.end].rstrip()
        )
        if shares and broken and unit.block == last.block and unit.end - last.start < _GROUP:
            whole = last.sentences + unit.sentences
            grouped[-1] = Unit(last.start, unit.end, last.kind, last.block, unit.tied, whole)
        else:
            grouped.append(unit)
    return grouped


def _closed(found: list[Unit], size: int, text: str) -> list[Unit]:
    """Give the blank lines between units to the unit before them."""
    closed: list[Unit] = []
    if not found:
        return closed
    starts = [unit.start for unit in found[1:]] + [size]
    for i, (unit, end) in enumerate(zip(found, starts, strict=True)):
        start = 0 if i == 0 else unit.start
        tied = unit.tied or (unit.kind in ("sentence", "item") and _introduces(text[start:end]))
        closed.append(Unit(start, end, unit.kind, unit.block, tied))
    return closed


def _introduces(text: str) -> bool:
    return text.rstrip().rstrip("*_`").endswith(":")


def _lines(text: str) -> list[_Line]:
    found, start = [], 0
    for line in _LINE.findall(text):  # splitlines() would also cut at form feeds and U+2028
        size, bare = len(line), line.lstrip()
        found.append(_Line(start, start + size, line, size - len(bare), not bare))
        start += size
    return found


def _blocks(lines: list[_Line]) -> Iterator[tuple[str, list[_Line]]]:
    """Runs of lines of one kind; blank lines end a run and belong to none."""
    i = 0
    while i < len(lines):
        if lines[i].blank:
            i += 1
            continue
        kind, end = _run(lines, i)
        yield kind, lines[i:end]
        i = end


def _run(lines: list[_Line], i: int) -> tuple[str, int]:
    line = lines[i]
    fence = _FENCE.match(line.text)
    if fence:
        return "code", _fence_end(lines, i, fence.group(1))
    after = lines[i + 1] if i + 1 < len(lines) else None
    if after and not after.blank and _RULE.match(after.text) and len(line.text) < 100:
        return "heading", i + 2
    if _HEADING.match(line.text) or _RULE.match(line.text):
        return "heading", i + 1
    if _TABLE.match(line.text):
        return "table", _while(lines, i, lambda other: bool(_TABLE.match(other.text)))
    if _LINK_ONLY.match(line.text):
        return "link", _while(lines, i, lambda other: bool(_LINK_ONLY.match(other.text)))
    if _codelike(lines, i):
        return "code", _while(lines, i, lambda other: not _ITEM.match(other.text))
    if _term(line, after):
        return "term", i + 1
    return ("item" if _ITEM.match(line.text) else "sentence"), _paragraph_end(lines, i)


def _fence_end(lines: list[_Line], i: int, fence: str) -> int:
    for j in range(i + 1, len(lines)):
        if lines[j].text.strip().startswith(fence[:3]) and not lines[j].text.strip().strip(
            fence[0]
        ):
            return j + 1
    return len(lines)


def _while(lines: list[_Line], i: int, same: Callable[[_Line], bool]) -> int:
    j = i + 1
    while j < len(lines) and not lines[j].blank and same(lines[j]):
        j += 1
    return j


def _codelike(lines: list[_Line], i: int) -> bool:
    """Whether the run of lines up to the next blank one reads like program text."""
    if _ITEM.match(lines[i].text):
        return False
    size = hits = 0
    for line in lines[i : i + _JUDGED]:
        if line.blank:
            break
        size += 1
        hits += _reads_like_code(line.text)
    return hits * 2 > size


# Each run of lines asks about all that follow up to a blank one.
@functools.lru_cache(256)
def _reads_like_code(line: str) -> bool:
    if _CODE_STARTS.match(line.lstrip()):
        return True
    bare = line.rstrip()
    if bare.endswith(")"):
        return _CALL.search(bare.split()[-1]) is not None
    return bare.endswith((";", "{", "}"))


def _term(line: _Line, after: _Line | None) -> bool:
    """A definition's head: a short line above a deeper one."""
    return (
        after is not None
        and not after.blank
        and after.indent >= line.indent + 2
        and len(line.text.strip()) < 90
        and not _ITEM.match(after.text)
        and not _ITEM.match(line.text)
    )


def _paragraph_end(lines: list[_Line], i: int) -> int:
    depth = lines[i + 1].indent if i + 1 < len(lines) else 0
    j = i + 1
    while j < len(lines) and not lines[j].blank:
        if _begins(lines[j].text) or abs(lines[j].indent - depth) >= 2:
            break
        j += 1
    return j


def _begins(line: str) -> bool:
    """Whether something else than a paragraph begins with the line."""
    if _GOES_ON.match(line):
        return False
    return any(p.match(line) for p in (_ITEM, _FENCE, _TABLE, _HEADING))


def _sentences(text: str, start: int, end: int, kind: str, block: int) -> Iterator[Unit]:
    stretch = text[start:end]
    cuts = [0]
    for match in _END.finditer(stretch):
        end = match.end()
        if end + 12 < len(stretch) and not _abbreviated(stretch, cuts[-1], match):
            cuts.append(end)
    cuts.append(len(stretch))
    if kind == "item" and len(stretch) < _ITEM_WHOLE:
        cuts = [0, len(stretch)]
    for a, b in pairwise(cuts):
        yield from _bounded(text, start + a, start + b, kind if a == 0 else "sentence", block)


def _abbreviated(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether what looks like the end of a sentence, begun at `start`, is a dot in the middle."""
    if stop.group().rstrip() != ".":
        return False
    dot = stop.start() + 1
    near = max(start, dot - _LONGEST_SHORT)
    return bool(_SHORT.search(text, near, dot) or _NUMBERED.fullmatch(text, start, dot))


def _bounded(text: str, start: int, end: int, kind: str, block: int) -> Iterator[Unit]:
    """One unit, or several where a 'sentence' is absurdly long: cut between words if possible."""
    while end - start > _WIDE:
        half, full = start + _WIDE // 2, start + _WIDE
        cut = max(text.rfind(" ", half, full), text.rfind("\n", half, full)) + 1 or full
        yield Unit(start, cut, kind, block)
        start = cut
    yield Unit(start, end, kind, block)
