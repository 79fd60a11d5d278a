"""What a terminal would show: colours, overwritten progress lines and cursor moves resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headroom_wrap.detect import shape

_CONTROL = re.compile(r"[\x1b\x08\x9b]|\r(?!\n|\Z)")
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)(?P<args>[0-?]*)[ -/]*(?P<final>[@-~]?)"
    r"|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?"
    r"|\x1b[PX^_][^\x1b\n]*(?:\x1b\\)?"
    r"|\x1b[ -/]*[0-Z\\^-~]?"
)
_MOVES = re.compile(r"(?:\x1b\[|\x9b)\d*(?:;\d*)?[ABEFHJf]")
_ERASE = re.compile(r"(?:\x1b\[|\x9b)([012]?)K")
_PIECES = re.compile(rf"\n|\r|\x08|[^\n\r\x08\x1b\x9b]+|{_SEQUENCE.pattern}")
_MAX_ROWS_UP = 200
_MAX_COLUMN = 10_000
# Less padding than this is not worth a marker.
_PADDED = 0.03


@dataclass(frozen=True, slots=True)
class Screen:
    """The text as shown; line i of it was last written by line `rows[i]` of the original.

    `rows` is empty when lines kept their numbers.
    """

    text: str
    rows: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The lines of the original behind the shown lines [start, end)."""
        if not self.rows or start >= end:
            return start, end
        covered = self.rows[start:end]
        return min(covered), max(covered) + 1


def render(text: str) -> Screen:
    """`text` as a terminal would leave it; unchanged when nothing in it is for a terminal only."""
    if not _has_control(text):
        return Screen(_unpadded(text))
    if _MOVES.search(text):
        return _played(text)
    return Screen("\n".join(map(_line, text.split("\n"))))


def _has_control(text: str) -> bool:
    # Single characters are found a hundred times sooner than by the pattern.
    alone = "\x1b" in text or "\x08" in text or "\x9b" in text
    return alone or ("\r" in text and _CONTROL.search(text) is not None)


def _unpadded(text: str) -> str:
    """`text` without blanks at the ends of lines, where they are more than a few.

    In a diff such a blank is an empty line of the file.
    """
    if not (" \n" in text or "\t\n" in text) or shape.is_diff(text):
        return text
    bare = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    return bare if len(bare) < (1 - _PADDED) * len(text) else text


def _line(line: str) -> str:
    if not _has_control(line):
        return line
    end = "\r" if line.endswith("\r") else ""
    body = line.rstrip("\r")
    if "\r" not in body and "\b" not in body:
        return _SEQUENCE.sub("", body) + end
    cells: list[str] = []
    for part in body.split("\r"):
        written = _backspaced(_SEQUENCE.sub("", part))
        if _ERASE.search(part):
            cells = list(written)
        else:
            cells[: len(written)] = written
    return "".join(cells).rstrip() + end


def _backspaced(text: str) -> str:
    if "\b" not in text:
        return text
    cells: list[str] = []
    at = 0
    for char in text:
        if char == "\b":
            at = max(0, at - 1)
        else:
            cells[at : at + 1] = [char]
            at += 1
    return "".join(cells)


class _Rows:
    """The rows of a screen from which nothing ever scrolls away, and where the cursor is."""

    def __init__(self) -> None:
        self.cells: list[list[str]] = [[]]
        self.sources = [0]
        self.row = self.column = self.source = 0

    def feed(self, match: re.Match[str]) -> None:
        piece = match.group()
        if piece == "\n":
            self.source += 1
            self.down()
        elif piece == "\r":
            self.column = 0
        elif piece == "\b":
            self.column = max(0, self.column - 1)
        elif piece[0] in "\x1b\x9b":
            self.move(match["args"] or "", match["final"] or "")
        else:
            self.write(piece)

    def down(self) -> None:
        self.row, self.column = self.row + 1, 0
        if self.row == len(self.cells):
            self.cells.append([])
            self.sources.append(self.source)

    def write(self, piece: str) -> None:
        line = self.cells[self.row]
        line += " " * (self.column - len(line))
        line[self.column : self.column + len(piece)] = piece
        self.sources[self.row] = self.source
        self.column += len(piece)

    def move(self, args: str, final: str) -> None:
        first = args.split(";")[0]
        count = int(first) if first.isdigit() and len(first) < 6 else 0
        steps = min(max(1, count), _MAX_ROWS_UP)
        if final in ("A", "F"):
            self.row = max(0, self.row - steps)
        elif final in ("B", "E"):
            self.row = min(len(self.cells) - 1, self.row + steps)
        elif final in ("C", "D", "G"):
            shift = {"C": self.column + steps, "D": self.column - steps, "G": max(1, count) - 1}
            self.column = min(max(0, shift[final]), _MAX_COLUMN)
        elif final in ("K", "J", "H", "f"):
            self.clear(final, count)
        if final in ("E", "F"):
            self.column = 0

    def clear(self, final: str, count: int) -> None:
        """Erase a row or what is below; a cleared screen is left standing, above a new one."""
        line = self.cells[self.row]
        if final == "K" and count != 1:
            del line[0 if count == 2 else self.column :]
        elif final == "J" and count == 0:
            del line[self.column :], self.cells[self.row + 1 :], self.sources[self.row + 1 :]
        elif final in ("H", "f"):
            self.row = len(self.cells) - 1
            if self.cells[self.row]:
                self.down()
            self.column = 0


def _played(text: str) -> Screen:
    """The screen after all cursor moves."""
    rows = _Rows()
    for match in _PIECES.finditer(text):
        rows.feed(match)
    shown = ["".join(cells).rstrip() for cells in rows.cells]
    return Screen("\n".join(shown), tuple(rows.sources))
