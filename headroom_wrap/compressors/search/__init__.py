"""Search results: each path once above its matches, long ones folded per file."""

from __future__ import annotations

import re

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.search import group, records
from headroom_wrap.compressors.search.fold import fold
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import printing
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "search"

_PROGRAMS = frozenset("rg ripgrep grep egrep fgrep zgrep ag ack ugrep findstr sls".split())
_TOOLS = frozenset(
    "grep search searchfiles grepsearch codesearch ripgrep searchfilecontent".split()
)
_MATCH = re.compile(r"^(?:[A-Za-z]:[\\/])?[^:\n]*[./\\][^:\n]*:\d+:")
# Unasked, a match must look like nothing but a path: table cells and times have colons, too.
_PLAIN = re.compile(
    r"(?:[A-Za-z]:[\\/])?[^:\s,;|\"'=<>{}()\[\]]*[./\\][^:\s,;|\"'=<>{}()]*[^:\s\d]:\d+:"
)
_COUNTED = re.compile(r"^[^:\n]*[./\\][^:\n]*:\d+$")
_ENTRY = re.compile(r"^(?:\d+:|--$)")
_BARE = re.compile(r"^(?:[A-Za-z]:[\\/])?[^:\s][^:\n]*[./\\][^:\n]*:")


def score(text: str, origin: Origin) -> float:
    if records.is_records(text):
        return 1.0
    lines = shape.sample(text)
    if not lines:
        return 0.0
    numbered = shape.share(_MATCH, lines)
    if not _named(origin):
        plain = sum(bool(_PLAIN.match(line[:400])) for line in lines)
        return 0.55 if plain > 0.9 * len(lines) and not shape.log_likeness(text) > 0.3 else 0.0
    if shape.share(_COUNTED, lines) > 0.9:
        return 0.45
    grouped = shape.share(_ENTRY, lines)
    if max(numbered, grouped) > 0.6 or shape.share(_BARE, lines) > 0.8:
        return 1.0
    return 0.35 if numbered > 0.3 else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    recorded = records.is_records(text)
    # The words of the command are what every record was found by.
    query = ask.query if recorded else f"{ask.query}\n{origin.command}"
    # Who prints places besides searches: linters, and those must not lose findings here.
    known = recorded or not origin.command or _named(origin)
    lines, gaps = fold(text, query) if ask.level.folds and known else (text, ())
    if recorded:
        grouped = records.write(lines, wanted(query, text.split("\n")))
    else:
        grouped = group.write(lines)
    shorter = min(grouped, lines, key=len)
    return gained(text, Squeezed(shorter, NAME, exact=not gaps, gaps=gaps))


def expand(text: str) -> str:
    return records.restore(text) if records.is_written(text) else group.restore(text)


def _named(origin: Origin) -> bool:
    tool = re.sub(r"[^a-z]", "", re.split(r"__|[./:]", origin.tool.lower())[-1])
    if tool in _TOOLS and not origin.command:
        return True
    return any(
        p.name.lower() in _PROGRAMS or (p.name == "git" and p.verb == "grep")
        for p in printing(origin.command)
    )
