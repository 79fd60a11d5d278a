"""Lines and blocks that stand there again, told once and counted; exact, for any output."""

from __future__ import annotations

import re

from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors.repeats import notation
from headroom_wrap.compressors.repeats.find import pieces
from headroom_wrap.detect import shape
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "repeats"

_SCORE = 0.35
_CODE = re.compile(
    r"[{};]\s*$|^\s*(?:def|class|import|from|return|func|fn|const|let|var|public|private|#include)\b"
)
_MOST_CODE = 0.2
_LEAST_LINES = 6
_LEAST_GAIN = 0.08


def score(text: str, origin: Origin) -> float:
    """Ours is what nobody else knows, unless it may be a file that somebody wants to edit."""
    lines = shape.sample(text)
    if len(lines) < _LEAST_LINES or shape.is_numbered(text) or shape.is_diff(text):
        return 0.0
    return 0.0 if shape.share(_CODE, lines) > _MOST_CODE else _SCORE


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The text with what it says again counted, or None if that is little."""
    lines = text.split("\n")
    if len(lines) < _LEAST_LINES:
        return None
    asked = wanted(f"{ask.query}\n{origin.command}", lines)
    told = notation.write(lines, pieces(lines, asked))
    if len(told) >= (1 - _LEAST_GAIN) * len(text):
        return None
    return gained(text, Squeezed(told, NAME, exact=True))


def expand(text: str) -> str:
    """The lines behind the counts; ValueError when the text is none of ours."""
    return notation.read(text)
