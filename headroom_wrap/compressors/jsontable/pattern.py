"""Columns of texts that other columns make up: `https://api.example.com/<owner>/<name>/<*>`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_wrap.compressors.jsontable import steps
from headroom_wrap.compressors.jsontable.columns import Path

_PART = re.compile(r"<([^<>]*)>")
_WORD_END = re.compile(r"(?<=[^\W_])(?=[\W_])|(?<=[\W_])")
_MOST_PARTS = 10
# What quoted texts and JSON begin with: the mark of a constant.
_LITERAL = ("", '"', "[", "{")
_DIGITS = re.compile(r"\d+")
CELL = "*"


@dataclass(frozen=True, slots=True)
class Known:
    """A column that others may refer to: its name and its text in each row."""

    name: str
    texts: list[str]
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a column is made up; `cells` is what `<*>` stands for in each row, if it is there."""

    text: str
    cells: list[str] | None
    names: tuple[Path, ...]

    @property
    def left(self) -> int:
        return sum(map(len, self.cells)) if self.cells else 0


def find(texts: list[str], known: Sequence[Known], places: Sequence[int]) -> Pattern | None:
    """The pattern of a column, or None when its texts have nothing in common.

    Without `places` nothing may be counted.
    """
    if any("<" in text or ">" in text for text in texts) or texts[0][:1] in _LITERAL:
        return None
    ticks = steps.ticks(texts, places) if places else ""
    if ticks:
        return Pattern(f"<{ticks}>", None, ())
    front, rest = _Side(known, places, mirrored=False).parts(texts)
    back, rest = _Side(known, places, mirrored=True).parts(rest)
    middle: list[str] = []
    cells = None
    if any(rest):
        turn = "" if _is_path(texts[0]) or not places else steps.cycle(rest, places)
        middle = [f"<{turn or CELL}>"]
        cells = None if turn else rest
    paths = {column.name: column.path for column in known if column.path}
    names = [paths[n] for part in front + back if part[0] == "<" and (n := part[1:-1]) in paths]
    if cells is not None and (not (front or back) or _is_path(texts[0])):
        return None
    return Pattern("".join(front + middle + back), cells, tuple(names))


def _is_path(text: str) -> bool:
    """Paths are what rows are called by; a part of one cannot be searched for."""
    return "/" in text and "://" not in text


def split(text: str) -> list[tuple[str, str]]:
    """A pattern as (literal, name) pairs; the last name is empty."""
    pieces = _PART.split(text)
    return list(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def is_pattern(said: str) -> bool:
    """Whether what is said of a column is a pattern, not a constant."""
    return said[0] not in _LITERAL and _PART.search(said) is not None


class _Side:
    """Takes common literals, other columns and counts off one end of all texts."""

    def __init__(self, known: Sequence[Known], places: Sequence[int], mirrored: bool) -> None:
        self.known = known
        self.places = places
        self.mirrored = mirrored

    def parts(self, texts: list[str]) -> tuple[list[str], list[str]]:
        rest = [text[::-1] for text in texts] if self.mirrored else texts
        found: list[str] = []
        first = texts[0]
        near = [
            Known(k.name, [t[::-1] for t in k.texts] if self.mirrored else k.texts)
            for k in self.known
            if k.texts[0] and k.texts[0] in first
        ]
        while len(found) < _MOST_PARTS and any(rest):
            literal = _common_prefix(rest)
            step = self._column(rest, literal, near) or self._count(rest, literal)
            cut = step[0] if step else _whole_words(rest, literal)
            if cut:
                found.append(literal[:cut][::-1] if self.mirrored else literal[:cut])
            if not step:
                rest = [text[cut:] for text in rest] if cut else rest
                break
            found.append(f"<{step[1]}>")
            rest = [t[cut + len(taken) :] for t, taken in zip(rest, step[2], strict=True)]
        if self.mirrored:
            return found[::-1], [text[::-1] for text in rest]
        return found, rest

    def _column(
        self, rest: list[str], literal: str, near: list[Known]
    ) -> tuple[int, str, list[str]] | None:
        """The longest other column that stands in all texts after a part of the literal."""
        first = rest[0]
        for cut in sorted({0, *(m.end() for m in _WORD_END.finditer(literal))}):
            best: Known | None = None
            for column in near:
                text = column.texts[0]
                if (
                    first.startswith(text, cut)
                    and _ends_word(first, cut + len(text))
                    and (best is None or len(text) > len(best.texts[0]))
                    and all(
                        t and r.startswith(t, cut) for r, t in zip(rest, column.texts, strict=True)
                    )
                ):
                    best = column
            if best:
                return cut, best.name, best.texts
        return None

    def _count(self, rest: list[str], literal: str) -> tuple[int, str, list[str]] | None:
        if not self.places:
            return None
        cut = _whole_words(rest, literal)
        runs: list[str] = []
        for text in rest:
            match = _DIGITS.match(text, cut)
            if match is None:
                return None
            runs.append(match[0])
        if self.mirrored and any(
            t[cut + len(r) :][:1].isalpha() for t, r in zip(rest, runs, strict=True)
        ):
            return None
        numbers = [run[::-1] for run in runs] if self.mirrored else runs
        counted = steps.count(numbers, self.places)
        return (cut, counted, runs) if counted else None


def _common_prefix(texts: list[str]) -> str:
    low, high = min(texts), max(texts)
    for i, char in enumerate(low):
        if i >= len(high) or char != high[i]:
            return low[:i]
    return low


def _whole_words(rest: list[str], literal: str) -> int:
    """How much of the common literal to take, so that no word or number is cut in two."""
    cut = len(literal)
    following = {text[cut] for text in rest if len(text) > cut}
    for kind in (str.isdigit, str.isalpha):
        if cut and kind(literal[-1]) and any(kind(char) for char in following):
            while cut and kind(literal[cut - 1]):
                cut -= 1
            break
    return cut


def _ends_word(text: str, at: int) -> bool:
    if at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    return not ((before.isdigit() and after.isdigit()) or (before.isalpha() and after.isalpha()))
