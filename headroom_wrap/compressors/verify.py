"""The last look at a fold: what it shows is true, and what it leaves out is counted."""

from __future__ import annotations

import re
from collections.abc import Callable

from headroom_wrap.types import Squeezed

_NOTE = re.compile(r"\[… [^\]\n]*\d[^\]\n]*\]")
_FACT = re.compile(r"\w*\d\w*(?:[.:/-]\w+)*|[\w.-]*[/\\][\w./\\-]{3,}")
_NUMBERED = re.compile(r"^\s*(\d+)[:\-\t](.+)$")
_MAX_MISSING = 0

# They give another wording of the text, not its lines: markup has gone, sentences stay.
_REWORDING = frozenset({"html", "prose"})


# Decodes its own folds and compares them with the original before it gives them.
_CHECKED = frozenset({"jsontable"})


def verify(original: str, squeezed: Squeezed, expand: Callable[[str], str] | None = None) -> bool:
    """Whether `squeezed` is an honest fold of `original`.

    `expand` is the compressor's decoder: what is left of a fold may itself be written shorter.

    Every line outside `gaps` is shown, word for word or at least with all its numbers, paths and
    identifiers; every gap has its count; a line that is shown says nothing the original does not.
    """
    if squeezed.exact or squeezed.compressor in _CHECKED:
        return True
    lines = original.split("\n")
    if not _ordered(squeezed.gaps, len(lines)):
        return False
    if squeezed.gaps and not _NOTE.search(squeezed.text):
        return False
    if squeezed.compressor in _REWORDING:
        return True
    if _verbatim(lines, squeezed.text, squeezed.gaps):
        return True
    if expand and _verbatim(lines, expand(squeezed.text), squeezed.gaps):
        return True
    return _facts(lines, squeezed)


def _ordered(gaps: tuple[tuple[int, int], ...], count: int) -> bool:
    at = 0
    for start, end in gaps:
        if not at <= start < end <= count:
            return False
        at = end
    return True


def _verbatim(lines: list[str], text: str, gaps: tuple[tuple[int, int], ...]) -> bool:
    """Whether the text is the lines outside the gaps, in order, with a note for each gap."""
    at = here = 0
    for start, end in (*gaps, (len(lines), len(lines))):
        chunk = "\n".join(lines[here:start])
        if not text.startswith(chunk, at):
            return False
        at += len(chunk)
        here = end
        if start == end:
            break
        at += bool(chunk or start)
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if not _NOTE.search(text, at, stop):
            return False
        at = min(stop + 1, len(text)) if here < len(lines) else stop
    return at >= len(text)


def _facts(lines: list[str], squeezed: Squeezed) -> bool:
    """Whether both sides hold the same facts, leaving out the gaps and the notes."""
    hidden = bytearray(len(lines))
    for start, end in squeezed.gaps:
        hidden[start:end] = b"\1" * (end - start)
    kept = "\n".join(line for line, gone in zip(lines, hidden, strict=True) if not gone)
    shown = _NOTE.sub("", squeezed.text)
    if any(fact not in shown for fact in set(_FACT.findall(kept))):
        return False
    original = "\n".join(lines)
    known = set(_FACT.findall(original))
    if any(fact not in known and fact not in original for fact in set(_FACT.findall(shown))):
        return False
    return _pairs(lines, shown)


def _pairs(lines: list[str], shown: str) -> bool:
    """Whether each `12: text` that is shown has its number and its text in one original line."""
    pairs = [m.groups() for line in shown.split("\n") if (m := _NUMBERED.match(line))]
    if not pairs:
        return True
    by_tail: dict[str, set[str]] = {}
    for line in lines:
        for match in re.finditer(r"(?<!\d)(\d+)[:\-\t]", line[:400]):
            by_tail.setdefault(line[match.end() :].strip(), set()).add(match[1])
    stripped = {line.strip() for line in lines}
    return all(
        number in by_tail.get(tail.strip(), ()) or f"{number}:{tail}".strip() in stripped
        for number, tail in pairs
    )
