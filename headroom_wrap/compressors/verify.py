"""The last look at a fold: what it shows is true, and what it leaves out is counted in place."""

from __future__ import annotations

import functools
import html
import re

from headroom_wrap.compressors._api import Decoder
from headroom_wrap.types import Squeezed

_NOTE = re.compile(r"\s*\[… [^\]\n]*\d[^\]\n]*\]\s*")
_ANY_NOTE = re.compile(r"\[… [^\]\n]*\]")
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]*>")
_ITEM = re.compile(r"^[ >]*(\d+)\. ", re.MULTILINE)

# They give another wording of the text, not its lines: markup has gone, sentences stay.
_REWORDING = frozenset({"html", "prose"})
# Decodes its own folds and compares them with the original before it gives them.
_CHECKED = frozenset({"jsontable"})


def verify(original: str, squeezed: Squeezed, expand: Decoder | None = None) -> bool:
    """Whether `squeezed` is an honest fold of `original`.

    It is when it is made of the lines outside its gaps, word for word and in order, and has one
    note with a count in place of each gap. So whatever number, path or line of the original is
    missing lies inside a counted omission, and what is shown side by side belongs together. What
    is left may itself be written shorter: then `expand`, the decoder, has to give those lines.
    A new wording of a text must not bring in words of its own.
    """
    lines = original.split("\n")
    if not _ordered(squeezed.gaps, len(lines)):
        return False
    if squeezed.compressor in _CHECKED:
        return True
    if squeezed.compressor in _REWORDING:
        return invents_nothing(original, squeezed.text)
    if _made_of(lines, squeezed.text, squeezed.gaps):
        return True
    try:
        return expand is not None and _made_of(lines, expand(squeezed.text), squeezed.gaps)
    except ValueError:
        return False


def _ordered(gaps: tuple[tuple[int, int], ...], count: int) -> bool:
    at = 0
    for start, end in gaps:
        if not at <= start < end <= count:
            return False
        at = end
    return True


def _made_of(lines: list[str], text: str, gaps: tuple[tuple[int, int], ...]) -> bool:
    """Whether the text is the lines outside the gaps, in order, with a note for each gap."""
    at = here = 0
    for start, end in (*gaps, (len(lines), len(lines))):
        chunk = "\n".join(lines[here:start])
        if not text.startswith(chunk, at):
            return False
        at += len(chunk)
        if start == end:
            break
        if start > here:
            if not text.startswith("\n", at):
                return False
            at += 1
        here = end
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if not _NOTE.fullmatch(text, at, stop):
            return False
        at = min(stop + 1, len(text)) if here < len(lines) else stop
    return at >= len(text)


# A compressor that makes a wording asks before the router does.
@functools.lru_cache(1)
def invents_nothing(original: str, text: str) -> bool:
    """Whether every word of a new wording, its notes aside, stands in the original."""
    unknown = set(_WORD.findall(_ANY_NOTE.sub(" ", text))) - set(_WORD.findall(original))
    if not unknown:
        return True
    # Entities are spelled out, tags inside words are gone, and list items have their numbers.
    spoken = f"{html.unescape(original)} {html.unescape(_TAG.sub('', original))}"
    unknown -= set(_WORD.findall(spoken))
    return unknown <= set(_ITEM.findall(text))
