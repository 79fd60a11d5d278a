"""The failures after the first ones: excerpts of source and printed lines are only counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from headroom_wrap.compressors._labels import SHOWN

# A line of source with its number, as JavaScript's runners and vitest print it, and its mark.
_SOURCE = re.compile(r"\s*(?P<mark>>)? *\d+ ?\|")
_MARKED = re.compile(r"\n *> *\d+ ?\||\n +\| +\^")
_CARET = re.compile(r"\s+\| +\^")
_CAPTURED = re.compile(r"-{3,} Captured \w+ \w+ -{3,}$")
_ENDS = re.compile(r"(?:_{3,}|={3,}|-{3,}) .* (?:_{3,}|={3,}|-{3,})$|\S+\.py:\d+: |(?:_ ){8,}")
_TROUBLE = re.compile(r"(?i)\b(?:error|warn\w*|fail\w*|exception|traceback|critical|panic)\b")
# unittest tells of each failure between such rules, and of what differs below what was raised.
_RULE = "=" * 70
_RAISED = re.compile(r"[\w.]+(?:Error|Exception|Failure)(?::|$)")
_IDLE = re.compile(r"(?:E +)?(?:[?^].*|Omitting .*|Use -v .*|First differing element.*)?$|E$")
_CUT_SHORT = re.compile(r"\.\.\.|\[\d+ chars\]|[({\[,:=] *$")
_WHOLE, _MANY, _TOLD = 2, 4, 4
_LEAST = 6
# Of what the first ones printed the beginning and the end.
_LONG, _ENDS_SHOWN = 40, 12
_LABEL = "line of source|lines of source"
_PRINTED = "captured line|captured lines"
_DIFFERENCE = "line of what differs|lines of what differs"


def label_later(
    text: str, lines: Sequence[str], labels: list[str], asked: Callable[[str], bool]
) -> None:
    """Label what surrounds the line that broke, and what dull lines were captured, in place."""
    for number, (start, end) in enumerate(_excerpts(lines) if _MARKED.search(text) else ()):
        if number < _WHOLE:
            continue
        for i in range(start, end):
            below = i + 1 < end and _CARET.match(lines[i + 1])
            found = _SOURCE.match(lines[i])
            marked = found and (found["mark"] or below)
            if not marked and labels[i] == SHOWN and not asked(lines[i]):
                labels[i] = _LABEL
    for number, (start, end) in enumerate(_captured(lines) if "- Captured " in text else ()):
        if end - start < (_LONG if number < _WHOLE else _LEAST):
            continue
        ends = _ENDS_SHOWN if number < _WHOLE else 0
        for i in range(start + ends, end - ends):
            if labels[i] == SHOWN and not _TROUBLE.search(lines[i]) and not asked(lines[i]):
                labels[i] = _PRINTED
    said = "\nE  " in text or _RULE in text
    for number, (start, end) in enumerate(_messages(lines) if said else ()):
        for i in range(_told(lines, start, end), end if number >= _MANY else start):
            if labels[i] == SHOWN and not asked(lines[i]):
                labels[i] = _DIFFERENCE


def _told(lines: Sequence[str], start: int, end: int) -> int:
    """Where a message has said enough: at once when its first line is whole."""
    left = _TOLD if _CUT_SHORT.search(lines[start]) else 1
    for i in range(start, end):
        left -= _IDLE.match(lines[i]) is None
        if not left:
            return i + 1
    return end


def _messages(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """What pytest says with an E in front, or unittest below its traceback, of each failure."""
    start, own = -1, False
    for i, line in enumerate([*lines, ""]):
        if start >= 0 and (line == _RULE if own else line[:1] != "E"):
            yield start, i - own
            start = -1
        if start < 0 and line[:1] == "E" and line[:4] in ("E   ", "E"):
            start, own = i, False
        elif start < 0 and _RAISED.match(line) and lines[i - 1][:1] == " ":
            start, own = i, True


def _excerpts(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of numbered lines of source in which one is marked."""
    start, marked = -1, False
    for i, line in enumerate([*lines, ""]):
        found = _SOURCE.match(line) if "|" in line[:16] else None
        caret = found is None and start >= 0 and _CARET.match(line)
        if found or caret:
            start = i if start < 0 else start
            marked = marked or bool(caret) or bool(found and found["mark"])
        elif start >= 0:
            # rustc has its place above, and needs what stands there.
            if marked and i - start > _WHOLE and "-->" not in lines[start - 1]:
                yield start, i
            start, marked = -1, False


def _captured(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """What pytest captured of one test, the title left out."""
    start = -1
    for i, line in enumerate(lines):
        if line[:1] not in ("-", "_", "=") or not _ENDS.match(line):
            continue
        if start >= 0:
            yield start, i
        start = i + 1 if _CAPTURED.match(line) else -1
