"""Diffs: hunks stay as they are, headers are said once, machine-written files are counted."""

from __future__ import annotations

import re

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.diff import headers
from headroom_wrap.compressors.diff.fold import fold
from headroom_wrap.detect import shape
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "diff"

_GIT = re.compile(r"^diff --git |^diff -\S*[ru]", re.MULTILINE)
_SAMPLE = 20_000


def score(text: str, origin: Origin) -> float:
    if shape.is_diff(text):
        return 1.0
    return 0.9 if _GIT.search(text[:_SAMPLE]) else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    lines, gaps = fold(text, ask.query, origin.command) if ask.level.folds else (text, ())
    shorter = min(headers.write(lines, ask.query), lines, key=len)
    return gained(text, Squeezed(shorter, NAME, exact=not gaps, gaps=gaps))


def expand(text: str) -> str:
    return headers.restore(text)
