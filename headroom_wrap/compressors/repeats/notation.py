"""How repeats are written between the lines, and read again.

    [× 12]                          the line above stands 12 times in all
    [3 lines × 5]                   the 3 lines above stand 5 times in all
    [… 11 lines as above]           what followed the line above where it stood first
    [40 lines: pulled <*> in <*>]   a wording; its 40 rows follow, a word for each <*>

The head tells those that are used. A line of the text that looks like one of them gets a "\\" in
front, and so does one that begins with "\\".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from headroom_wrap.compressors.repeats.find import Again, Block, Piece, Row
from headroom_wrap.compressors.repeats.wording import lines_of

_HEAD = "[repeats: "
_LINE = "[× n] the line above n times"
_LINES = "[k lines × n] the k lines above n times"
_AGAIN = "[… k lines as above] the k lines that followed where the line above stood first"
_ROWS = "[n lines: …] n rows follow, each fills the <*>"

_NOTE = re.compile(
    r"\[(?:× (?P<times>\d+)|(?P<size>\d+) lines × (?P<turns>\d+)"
    r"|… (?P<again>\d+) lines as above|(?P<rows>\d+) lines: (?P<shared>.*))\]",
    re.DOTALL,
)
_LITERAL = "\\"
# What a few counts in a text may make of it; more is no work of ours.
_MOST_LINES = 5_000_000


def write(lines: Sequence[str], pieces: Iterable[Piece]) -> str:
    """The lines with the pieces told shorter, under a head that says how."""
    used: set[str] = set()
    told: list[str] = []
    at = 0
    for piece in pieces:
        told += map(_plain, lines[at : piece.start])
        told += _told(lines, piece, used)
        at = piece.end
    told += map(_plain, lines[at:])
    legend = "; ".join(words for words in (_LINE, _LINES, _AGAIN, _ROWS) if words in used)
    return "\n".join([f"{_HEAD}{legend}]", *told])


def read(text: str) -> str:
    """What `write` was given; ValueError when the text is none of ours."""
    head, *told = text.split("\n")
    if not head.startswith(_HEAD) or not told:
        raise ValueError("no head")
    lines: list[str] = []
    first: dict[str, int] = {}
    at = 0
    while at < len(told):
        line = told[at]
        at += 1
        note = _NOTE.fullmatch(line) if line[:1] == "[" else None
        rows = _count(note["rows"]) if note and note["rows"] else 0
        new = _meant(note, lines, first, told[at : at + rows]) if note else [_bare(line)]
        at += rows
        if len(lines) + len(new) > _MOST_LINES:
            raise ValueError("too many lines")
        for i, one in enumerate(new, len(lines)):
            first.setdefault(one, i)
        lines += new
    return "\n".join(lines)


def _told(lines: Sequence[str], piece: Piece, used: set[str]) -> Iterator[str]:
    if isinstance(piece, Row):
        used.add(_ROWS)
        yield f"[{piece.end - piece.start} lines: {piece.wording.shared}]"
        yield from piece.wording.rows
    elif isinstance(piece, Again):
        used.add(_AGAIN)
        yield _plain(lines[piece.start])
        yield f"[… {piece.end - piece.start - 1} lines as above]"
    else:
        yield from map(_plain, lines[piece.start : piece.start + piece.size])
        used.add(_LINE if piece.size == 1 else _LINES)
        yield _times(piece)


def _times(block: Block) -> str:
    return f"[× {block.times}]" if block.size == 1 else f"[{block.size} lines × {block.times}]"


def _meant(
    note: re.Match[str], lines: Sequence[str], first: dict[str, int], rows: Sequence[str]
) -> list[str]:
    """The lines that a note stands for."""
    if note["rows"]:
        if len(rows) < _count(note["rows"]):
            raise ValueError("rows are missing")
        return lines_of(note["shared"], rows)
    if not lines:
        raise ValueError("nothing above")
    if note["again"]:
        start, count = first[lines[-1]] + 1, _count(note["again"])
        if start + count >= len(lines):
            raise ValueError("fewer lines above")
        return list(lines[start : start + count])
    size, times = _count(note["size"] or "1"), _count(note["turns"] or note["times"])
    if not 0 < size <= len(lines) or size * times > _MOST_LINES:
        raise ValueError("fewer lines above")
    return list(lines[-size:]) * (times - 1)


def _count(digits: str) -> int:
    if len(digits) > 9:
        raise ValueError("no count of ours")
    return int(digits)


def _plain(line: str) -> str:
    """A line of the text, so that it is read as nothing else."""
    imitates = line[:1] == _LITERAL or (line[:1] == "[" and _NOTE.fullmatch(line))
    return _LITERAL + line if imitates else line


def _bare(line: str) -> str:
    return line[1:] if line[:1] == _LITERAL else line
