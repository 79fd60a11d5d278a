"""What a log says besides its commits: trailers, long messages and lists, and the far past."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from headroom_wrap.compressors._fold import fold_ranges, hidden_runs, plural
from headroom_wrap.relevance import wanted

_TRAILER = re.compile(
    r" {4}(?:[A-Z][a-z]+(?:-[a-z]+)*-(?:by|to|on|from|off|id|Id|Queue|Position|url)"
    r"|Change-Id|Cc|git-svn-id|Cr-Commit-Position|PiperOrigin-RevId|Differential Revision): ?\S"
)
_FILE = re.compile(r" .* \| +(?:\d+|Bin\b|Unmerged)|[ACDMRTUX]\d{0,3}\t.|\d+\t\d+\t.")
_MESSAGE = re.compile(r" {4}|$")
# `git shortlog`: a person, and the subjects of the commits below.
_PERSON = re.compile(r"\S.* \(\d+\):$")
_SUBJECT = re.compile(r" {6}\S")
_ENTRY = re.compile(r"[*|\\/_ ]*[0-9a-f]{7,40} ")
_DECORATED = re.compile(r"[0-9a-f]{7,40} \((?:HEAD|tag:|origin/)|^.{0,60}\bMerge\b")
_MANY_FILES = 16
_FILES_SHOWN = 6
_MANY_ALONE = 150
_ALONE_SHOWN = 100
_LONG_MESSAGE = 24
_MESSAGE_SHOWN = 12
_MANY_ENTRIES = 100
_ENTRIES_SHOWN = 60

Gaps = tuple[tuple[int, int], ...]
_KINDS = {"t": "trailer", "f": "file", "m": "line", "c": "commit"}


def fold(text: str, query: str) -> tuple[str, Gaps]:
    """The log with counted notes in place of what is only more of the same."""
    lines = text.split("\n")
    hidden: list[str] = [""] * len(lines)
    for i, line in enumerate(lines):
        if line.startswith("    ") and _TRAILER.match(line):
            hidden[i] = "t"
    # Without commits the files are what was asked for.
    alone = _FILE.match(lines[0]) is not None
    many, shown = (_MANY_ALONE, _ALONE_SHOWN) if alone else (_MANY_FILES, _FILES_SHOWN)
    _hide_runs(hidden, lines, _FILE, many, shown, "f")
    entry = _SUBJECT if _PERSON.match(lines[0]) else _ENTRY
    if entry is _ENTRY:
        _hide_runs(hidden, lines, _MESSAGE, _LONG_MESSAGE, _MESSAGE_SHOWN, "m")
    _hide_runs(hidden, lines, entry, _MANY_ENTRIES, _ENTRIES_SHOWN, "c")
    if not any(hidden):
        return text, ()
    asked = wanted(query, lines)
    keep = [not kind or asked(line) for kind, line in zip(hidden, lines, strict=True)]
    return fold_ranges(lines, keep, _describe(hidden), indent=True)


def _hide_runs(
    hidden: list[str], lines: Sequence[str], kind: re.Pattern[str], many: int, shown: int, as_: str
) -> None:
    """In each run of more than `many` lines of a kind, hide those after the first `shown`."""
    other = [not kind.match(line) for line in lines]
    for start, end in hidden_runs(other):
        if end - start <= many:
            continue
        for i in range(start + shown, end - 1):
            if not hidden[i] and not (as_ == "c" and _DECORATED.search(lines[i])):
                hidden[i] = as_


def _describe(hidden: Sequence[str]) -> Callable[[int, int], str]:
    def words(start: int, end: int) -> str:
        kinds = set(hidden[start:end])
        return plural(end - start, _KINDS[kinds.pop()] if len(kinds) == 1 else "line")

    return words
