"""`git log`: authors said where they change, bars as numbers, trailers and long lists counted."""

from __future__ import annotations

import re

from headroom_wrap.compressors.gitlog import records
from headroom_wrap.compressors.gitlog.fold import fold
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import printing
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "gitlog"

_VERBS = frozenset("log show reflog whatchanged shortlog stash".split())
_COMMIT = re.compile(
    r"^commit [0-9a-f]{7,64}\b.*(?:\n[A-Z][A-Za-z]*: .*)*\n(?:Author|Date): ", re.M
)
_ONELINE = re.compile(r"^[*|\\/_ ]*[0-9a-f]{7,40}\b")


def score(text: str, origin: Origin) -> float:
    named = any(p.name == "git" and p.verb in _VERBS for p in printing(origin.command))
    if _COMMIT.match(text):
        return 1.0 if named else 0.8
    return 0.9 if named and shape.share(_ONELINE, shape.sample(text)) > 0.6 else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    query = f"{ask.query}\n{origin.command}"
    lines, gaps = fold(text, query) if ask.level.folds else (text, ())
    asked = wanted(query, text.split("\n"), rare=0.02)
    shorter = min(records.write(lines, asked), lines, key=len)
    if len(shorter) >= len(text):
        return None
    return Squeezed(shorter, NAME, exact=not gaps, gaps=gaps)


def expand(text: str) -> str:
    return records.restore(text)
