"""Source code as its outline: all but the bodies, with the line numbers of what is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_wrap import relevance
from headroom_wrap.compressors._fold import Gap, fold_ranges, plural
from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.code import languages
from headroom_wrap.compressors.code.asked import Asked
from headroom_wrap.compressors.code.bodies import Body, bodies
from headroom_wrap.compressors.code.languages import Language
from headroom_wrap.detect import reads, shape
from headroom_wrap.types import Ask, Level, Origin, Squeezed

NAME = "code"

_NUMBER = re.compile(r" *(\d+)(?:\t|→|: ?| *\| ?)")
# Minified code has no lines to leave out.
_LONGEST_LINE = 400


def score(text: str, origin: Origin) -> float:
    """Ours are files in a language with a grammar, by their name."""
    return 0.9 if _language(text, origin) else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The outline at `lean`; at other levels every byte of code stays."""
    language = _language(text, origin)
    if ask.level is not Level.LEAN or language is None:
        return None
    shown, gaps = _outlined(text, language, ask.query)
    return gained(text, Squeezed(shown, NAME, exact=False, gaps=gaps)) if gaps else None


def outline(text: str, name: str) -> str:
    """The outline of a file, or of a text in the language `name`; `text` where there is none."""
    language = languages.named(name) or languages.of_script(text)
    return _outlined(text, language, "")[0] if language else text


def _language(text: str, origin: Origin) -> Language | None:
    path = reads.shown_path(text, origin)
    found = (languages.named(path) or languages.of_script(text)) if path else None
    return found if found and reads.is_file_text(text, origin) else None


def _outlined(text: str, language: Language, query: str) -> tuple[str, tuple[Gap, ...]]:
    lines = text.split("\n")
    if len(text) > _LONGEST_LINE * len(lines):
        return text, ()
    code, first = _bare(lines, text)
    root = language.parse("\n".join(code))
    if root is None:
        return text, ()
    keep = _kept(code, list(bodies(root, language)), query)
    return fold_ranges(lines, keep, lambda start, end: _words(start, end, first), indent=True)


def _words(start: int, end: int, first: int) -> str:
    return f"{plural(end - start, 'line')}: {first + start}-{first + end - 1}"


def _bare(lines: Sequence[str], text: str) -> tuple[list[str], int]:
    """The lines without the numbers that a file view puts before them, and the first number."""
    if not shape.is_numbered(text):
        return list(lines), 1
    first = 0
    found = []
    for i, line in enumerate(lines):
        match = _NUMBER.match(line)
        if match and not first:
            first = int(match[1]) - i
        found.append(line[match.end() :] if match else "")
    return found, first


def _kept(code: Sequence[str], found: Sequence[Body], query: str) -> list[bool]:
    """Everything but the bodies, and of those what was asked for."""
    keep = [True] * len(code)
    asked = Asked(query, [body.names for body in found])
    wanted = relevance.wanted(query, code)
    for body in found:
        if not asked.names(body):
            for i in range(body.start, min(body.end, len(code))):
                keep[i] = wanted(code[i])
    return keep
