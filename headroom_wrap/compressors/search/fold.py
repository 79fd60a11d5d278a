"""Very long searches: a file keeps its first and last matches, definitions and what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from headroom_wrap.compressors._fold import fold_ranges, plural
from headroom_wrap.compressors.search.group import path_of
from headroom_wrap.compressors.search.records import is_records, is_statistics
from headroom_wrap.relevance import wanted

_MANY = 200
# Where most matches define something, that sets none of them apart.
_RARE = 3
_SHOWN_FIRST = 3
_SHOWN_LAST = 1
_LEAST_GAP = 4
_WIDE = 600
_HUGE = 5_000
_NAMED = 3
_ONE_FILE = "the file"
_DEFINES = re.compile(
    r"\b(?:def|class|func|fn|function|struct|enum|trait|interface|impl|module|macro_rules!|"
    r"namespace|typedef|protocol|record|object|sub|proc|CREATE|const|var|let|val)\b[\s(]*[\w*:]"
    r"|#\s*define\b"
)
_PLAIN = re.compile(r"(?<![\w./-])[A-Za-z]?[a-z]{4,}(?![\w/-])")
_ENDS = (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))
_LEAST_STEM = 3
_FEW = 0.1
_ENTRY = re.compile(r"\d+:")
_BRACKETS = re.compile(r"[\[\]…\x00-\x1f]")

Gaps = tuple[tuple[int, int], ...]


def fold(text: str, query: str) -> tuple[str, Gaps]:
    """The search with counted notes in place of what says little more."""
    lines = text.split("\n")
    asked = wanted(query, lines)
    if is_records(text):
        keep = [not is_statistics(line) or asked(line) for line in lines]
        return fold_ranges(lines, keep, lambda a, b: plural(b - a, "record") + " of statistics")
    paths = list(_paths(lines))
    keep = [not _is_wide(*pair) and not _is_zero(*pair) for pair in zip(lines, paths, strict=True)]
    if sum(map(bool, paths)) >= _MANY:
        _thin(keep, lines, paths)
    if all(keep):
        return text, ()
    named = set(_named(query, lines))
    # A line as long as a file has every word in it: what it is asked by is its path.
    keep = [
        kept or line in named or asked(line if len(line) < _HUGE else path)
        for kept, line, path in zip(keep, lines, paths, strict=True)
    ]
    return fold_ranges(lines, keep, _describe(lines, paths, keep))


def _named(query: str, lines: Sequence[str]) -> Iterator[str]:
    """The few lines with the stem of a plain word: tests about dates are called `test_date`."""
    for stem in sorted(set(_stems(query))):
        word = re.compile(rf"(?<![a-z]){stem}(?![a-z])", re.IGNORECASE)
        found = [line for line in lines if len(line) < _WIDE and word.search(line)]
        if len(found) <= _FEW * len(lines):
            yield from found


def _stems(query: str) -> Iterator[str]:
    for word in _PLAIN.findall(query):
        for end, other in _ENDS:
            if word.endswith(end) and len(word) - len(end) >= _LEAST_STEM:
                yield word[: len(word) - len(end)] + other


def _paths(lines: Sequence[str]) -> Iterator[str]:
    """The file of each match, be it on the line or in a heading above it."""
    heading = _ONE_FILE
    for i, line in enumerate(lines):
        if _ENTRY.match(line):
            yield heading
        else:
            heading = line if i + 1 < len(lines) and _ENTRY.match(lines[i + 1]) else _ONE_FILE
            yield path_of(line)


def _is_wide(line: str, path: str) -> bool:
    return len(line) > _WIDE and bool(path)


def _is_zero(line: str, path: str) -> bool:
    """Whether `grep -c` found nothing in the file."""
    return line.endswith(":0") and bool(path) and line == f"{path}:0"


def _thin(keep: list[bool], lines: Sequence[str], paths: Sequence[str]) -> None:
    """Leave a file its first and last matches, and its definitions where they are rare."""
    defines = [bool(_DEFINES.search(line)) for line in lines]
    telling = sum(defines) * _RARE <= len(lines)
    for start, end in _files(paths):
        first, last = start + _SHOWN_FIRST, end - _SHOWN_LAST
        if last - first >= _LEAST_GAP:
            for i in range(first, last):
                keep[i] = keep[i] and telling and defines[i]


def _files(paths: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of matches in one file."""
    start = 0
    for i in range(1, len(paths) + 1):
        if i == len(paths) or paths[i] != paths[start]:
            if paths[start]:
                yield start, i
            start = i


def _describe(
    lines: Sequence[str], paths: Sequence[str], keep: Sequence[bool]
) -> Callable[[int, int], str]:
    shown = {path for path, kept in zip(paths, keep, strict=True) if kept}

    def words(start: int, end: int) -> str:
        if all(map(_is_zero, lines[start:end], paths[start:end])):
            return plural(end - start, "file") + " with 0"
        said = plural(end - start, "match", "matches")
        longest = max(map(len, lines[start:end]))
        if end - start == 1 and longest <= _WIDE:
            return ""
        if longest > _WIDE:
            said += f" of up to {longest:,} characters"
        names = [p for p in dict.fromkeys(paths[start:end]) if p not in shown]
        if names:
            said += " in " + ", ".join(_BRACKETS.sub("?", name) for name in names[:_NAMED])
        if len(names) > _NAMED:
            said += f" and {len(names) - _NAMED} more files"
        return said

    return words
