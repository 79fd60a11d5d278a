"""What a terminal would show: colours, overwritten progress lines and cursor moves resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTROL = re.compile(r"[\x1b\x08\x9b]|\r(?!\n|\Z)")
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)(?P<args>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?"
    r"|\x1b[PX^_][^\x1b\n]*(?:\x1b\\)?"
    r"|\x1b[ -/]*[0-Z\\^-~]?"
)
_MOVES = re.compile(r"(?:\x1b\[|\x9b)\d*(?:;\d*)?[ABEFHJf]")
_ERASE = re.compile(r"(?:\x1b\[|\x9b)([012]?)K")
_PIECES = re.compile(r"\n|\r|\x08|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b|[^\n\r\x08\x1b\x9b]+|\x9b")
_MAX_ROWS_UP = 200


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
    """`text` as a terminal would leave it; unchanged when it holds no control characters."""
    if not _CONTROL.search(text):
        return Screen(text)
    if _MOVES.search(text):
        return _played(text)
    return Screen("\n".join(map(_line, text.split("\n"))))


def _line(line: str) -> str:
    if not _CONTROL.search(line):
        return line
    end = "\r" if line.endswith("\r") else ""
    body = line.rstrip("\r")
    if "\r" in body or "\b" in body:
        shown = ""
        for part in body.split("\r"):
            shown = _over(shown, part)
        return shown.rstrip() + end
    return _SEQUENCE.sub("", body) + end


def _over(shown: str, part: str) -> str:
    """`part` written over `shown` from the left margin."""
    erased = bool(_ERASE.search(part))
    written = _backspaced(_SEQUENCE.sub("", part))
    if erased:
        return written
    return written + shown[len(written) :]


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


def _played(text: str) -> Screen:
    """The screen after all cursor moves, with nothing ever scrolled away."""
    lines: list[str] = [""]
    rows: list[int] = [0]
    row = column = source = 0
    for match in _PIECES.finditer(text):
        piece = match.group()
        if piece == "\n":
            row, column, source = row + 1, 0, source + 1
            if row == len(lines):
                lines.append("")
                rows.append(source)
        elif piece == "\r":
            column = 0
        elif piece == "\b":
            column = max(0, column - 1)
        elif piece[0] in "\x1b\x9b":
            row, column = _moved(piece, lines, row, column)
        else:
            line = lines[row].ljust(column) if column > len(lines[row]) else lines[row]
            lines[row] = line[:column] + piece + line[column + len(piece) :]
            rows[row] = source
            column += len(piece)
    return Screen("\n".join(map(str.rstrip, lines)), tuple(rows))


def _moved(piece: str, lines: list[str], row: int, column: int) -> tuple[int, int]:
    sequence = _SEQUENCE.match(piece)
    if not sequence or not sequence["final"]:
        return row, column
    first = sequence["args"].split(";")[0]
    count = int(first) if first.isdigit() and len(first) < 6 else 0
    steps = min(max(1, count), _MAX_ROWS_UP)
    final = sequence["final"]
    if final in "AF":
        return max(0, row - steps), 0 if final == "F" else column
    if final in "BE":
        return min(len(lines) - 1, row + steps), 0 if final == "E" else column
    if final == "G":
        return row, min(max(0, count - 1), 10_000)
    if final == "C":
        return row, min(column + steps, 10_000)
    if final == "D":
        return row, max(0, column - steps)
    if final == "K":
        lines[row] = lines[row][:column] if count == 0 else "" if count == 2 else lines[row]
    elif final == "J" and count == 0:
        lines[row] = lines[row][:column]
        for below in range(row + 1, len(lines)):
            lines[below] = ""
    return row, column
