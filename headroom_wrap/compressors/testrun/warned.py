"""pytest's summary of warnings: each message in full twice, then only counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors._labels import QUIET

_TITLE = re.compile(r"={3,} warnings summary\b.* ={3,}$")
_END = re.compile(r"-- Docs: |={3,} ")
_PLACE = re.compile(r"  \S.*?:\d+: (?P<message>\w[\w.]*: .*)$")
_FULL = 2
_LABEL = "warning as above|warnings as above"


def label_warnings(lines: Sequence[str], labels: list[str]) -> None:
    """Label the warnings whose message was shown twice already, in place."""
    seen: Counter[str] = Counter()
    for start, end in _entries(lines):
        said = [match["message"] for line in lines[start:end] if (match := _PLACE.match(line))]
        if not said or any(labels[start:end]):
            continue
        key = "\n".join(said)
        seen[key] += 1
        if seen[key] > _FULL:
            labels[start:end] = [_LABEL, *[QUIET] * (end - start - 1)]


def _entries(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The blocks between empty lines in the summary."""
    start = -1
    for i, line in enumerate(lines):
        if _TITLE.match(line):
            start = i + 1
        elif start >= 0 and (not line.strip() or _END.match(line)):
            if i > start:
                yield start, i
            start = -1 if _END.match(line) else i + 1
