"""`git log`: authors said where they change, bars as numbers, trailers and long lists counted."""

from __future__ import annotations

import re
from collections.abc import Callable

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.gitlog import branches, graph, hashes, records, stat
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


def score(text: str, origin: Origin) -> float:
    shown = [p for p in printing(origin.command) if p.name == "git"]
    named = any(p.verb in _VERBS for p in shown)
    if _COMMIT.match(text):
        return 1.0 if named else 0.8
    lines = shape.sample(text)
    if stat.is_stat(lines):
        return 1.0 if shown else 0.9
    if not named:
        return 0.0
    # Whatever format was asked for: no other may leave commits out.
    return 0.5 if text.lstrip()[:1] in ("{", "[") else 1.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    query = f"{ask.query}\n{origin.command}"
    lines, gaps = fold(text, query) if ask.level.folds else (text, ())
    drawn = text.startswith("* ")
    commits: str | None = None
    if drawn or _COMMIT.match(text):
        known = text.split("\n")
        asked = wanted(query, known, rare=0.02)
        may = ask.level.folds and not hashes.named(ask.query)
        brief, cut = hashes.shorten(lines, known, asked) if may else (lines, ())
        told = _brief(brief, asked) if cut else None
        if told:
            whole = tuple(sorted({*gaps, *cut}))
            brief_log = Squeezed(hashes.marked(told), NAME, exact=False, gaps=whole)
            if found := gained(text, brief_log):
                return found
        commits = None if drawn else records.write(lines, asked)
    forms = (lines, graph.write(lines), branches.write(lines), stat.write(lines), commits)
    shorter = min(filter(None, forms), key=len, default=lines)
    return gained(text, Squeezed(shorter, NAME, exact=not gaps, gaps=gaps))


def expand(text: str) -> str:
    if hashes.is_marked(text):
        return hashes.notes(_told(hashes.unmarked(text)))
    return stat.restore(text) if stat.is_written(text) else _told(text)


def _brief(text: str, asked: Callable[[str], bool]) -> str | None:
    """The shortest form of a log of whole commits, drawn or not."""
    if not text.startswith("* "):
        return records.write(text, asked)
    return min(filter(None, (graph.write(text), branches.write(text))), key=len, default=None)


def _told(text: str) -> str:
    if graph.is_written(text):
        return graph.restore(text)
    return branches.restore(text) if branches.is_written(text) else records.restore(text)
