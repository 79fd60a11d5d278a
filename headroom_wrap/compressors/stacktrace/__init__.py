"""Stack traces: messages, causes and the program's own frames shown, the libraries' counted."""

from __future__ import annotations

import re

from headroom_wrap.compressors._again import label_repeats
from headroom_wrap.compressors._gain import is_gain
from headroom_wrap.compressors._labels import QUIET, folded, hide_blanks
from headroom_wrap.compressors.stacktrace import valgrind
from headroom_wrap.compressors.stacktrace.fold import frame_labels
from headroom_wrap.compressors.stacktrace.frames import has_frames, spans
from headroom_wrap.compressors.stacktrace.threads import thread_labels
from headroom_wrap.detect import shape
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "stacktrace"

_HEAD = re.compile(
    r"Traceback \(most recent call last\)|^(?:Caused by|Suppressed): |panicked at "
    r"|^goroutine \d+ \[|^Exception in thread |Full thread dump|Sanitizer: |stack backtrace:"
    r"|^Unhandled exception|^PHP Fatal error|^Fatal error: Uncaught|^\S*(?:Error|Exception)(?::|$)",
    re.MULTILINE,
)
_SAMPLE = 6_000
_SHADOW = re.compile(
    r"\s*0x[0-9a-f]{8,}: ?(?:[ \[][0-9a-f]{2}\]?){8,}\s*$"
    r"|  [A-Z][\w ]{3,30}: +(?:[0-9a-f]{2} ?){1,8}$"
)


def score(text: str, origin: Origin) -> float:
    """By the share of frames in samples of the text, and by the words that open a trace."""
    half = len(text) // 2
    parts = [text[:_SAMPLE]]
    if len(text) > _SAMPLE:
        parts += [text[half : half + _SAMPLE // 3], text[-_SAMPLE // 3 :]]
    lines = [line for part in parts for line in part.split("\n") if line.strip()]
    if not lines:
        return 0.0
    if valgrind.is_report(text):
        return 0.85
    framed = sum(end - start for start, end, _ in spans(lines))
    inside = (framed + sum(1 for line in lines if _SHADOW.match(line))) / len(lines)
    if inside < 0.2 or shape.log_likeness(text) > 0.5:
        return 0.0
    return 0.85 if inside > 0.35 and any(map(_HEAD.search, parts)) else min(0.75, inside)


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """Fold libraries, recursion, equal threads and repeated traces; at `exact` only prefixes."""
    folds = _folds(text, ask, origin) if ask.level.folds else None
    gaps = folds.gaps if folds else ()
    said = valgrind.write(folds.text if folds else text)
    if said == text or not is_gain(said, text):
        return folds
    return Squeezed(said, NAME, exact=not gaps, gaps=gaps)


def expand(text: str) -> str:
    """The lines with their prefixes."""
    return valgrind.restore(text)


def _folds(text: str, ask: Ask, origin: Origin) -> Squeezed | None:
    if not has_frames(text):
        return None
    lines = text.split("\n")
    asked = wanted(f"{ask.query}\n{origin.command}", lines)
    labels = frame_labels(lines, asked)
    for i, line in enumerate(lines):
        if _SHADOW.match(line) and not asked(line):
            labels[i] = "line of shadow memory|lines of shadow memory"
    for start, end, label in thread_labels(lines):
        if not any(map(asked, lines[start:end])):
            labels[start:end] = [label, *[QUIET] * (end - start - 1)]
    label_repeats(lines, labels)
    hide_blanks(lines, labels)
    return folded(lines, labels, NAME)
