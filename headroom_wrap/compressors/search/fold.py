"""Very long searches: a file keeps its first and last matches, definitions and what was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors._fold import fold_ranges, plural
from headroom_wrap.compressors.search.group import path_of
from headroom_wrap.compressors.search.records import is_records
from headroom_wrap.relevance import wanted

_MANY = 200
# Where most matches define something, that sets none of them apart.
_RARE = 3
_SHOWN_FIRST = 3
_SHOWN_LAST = 1
_LEAST_GAP = 4
_WIDE = 600
_FULL = 400
_DEFINES = re.compile(
    r"\b(?:def|class|func|fn|function|struct|enum|trait|interface|impl|module|macro_rules!|"
    r"namespace|typedef|protocol|record|object|sub|proc|CREATE|const|var|let|val)\b[\s(]*[\w*:]|#\s*define\b"
)
_END = ('{"type":"end"', '{"data":{"binary_offset"')

Gaps = tuple[tuple[int, int], ...]


def fold(text: str, query: str) -> tuple[str, Gaps]:
    """The search with counted notes in place of what says the same again."""
    lines = text.split("\n")
    if is_records(text):
        keep = [not line.startswith(_END) for line in lines]
        return fold_ranges(lines, keep, lambda a, b: plural(b - a, "record") + " of statistics")
    paths = [path_of(line) for line in lines]
    asked = wanted(query, lines)
    keep = [
        not _is_wide(line, path) or asked(line) for line, path in zip(lines, paths, strict=True)
    ]
    zero = [bool(path) and line == f"{path}:0" for line, path in zip(lines, paths, strict=True)]
    count = sum(map(bool, paths))
    if count >= _MANY:
        defines = [bool(_DEFINES.search(line)) for line in lines]
        telling = sum(defines) * _RARE <= count
        for start, end in _files(lines, paths):
            first, last = start + _SHOWN_FIRST, end - _SHOWN_LAST
            if last - first < _LEAST_GAP:
                continue
            for i in range(first, last):
                keep[i] = keep[i] and (asked(lines[i]) or (telling and defines[i]))
    elif all(keep) and not any(zero):
        return text, ()
    keep = [k and not (z and not asked(x)) for k, z, x in zip(keep, zero, lines, strict=True)]
    return fold_ranges(lines, keep, lambda a, b: _words(lines, zero, a, b))


def _is_wide(line: str, path: str) -> bool:
    return len(line) > _WIDE and bool(path)


def _files(lines: Sequence[str], paths: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of matches in one file."""
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or paths[i] != paths[start]:
            if paths[start]:
                yield start, i
            start = i


def _words(lines: Sequence[str], zero: Sequence[bool], start: int, end: int) -> str:
    count = end - start
    if all(zero[start:end]):
        return plural(count, "file") + " with 0"
    if count == 1:
        return f"1 match in {len(lines[start]):,} characters"
    return plural(count, "match", "matches")
