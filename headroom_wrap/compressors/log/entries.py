"""The lines that belong to the log entry above them: wrapped messages and stack traces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from headroom_wrap.compressors._labels import QUIET, SHOWN
from headroom_wrap.compressors.log.templates import Groups
from headroom_wrap.compressors.stacktrace.fold import frame_labels
from headroom_wrap.compressors.stacktrace.frames import has_frames
from headroom_wrap.detect import shape

_MAX_BODY = 60
_LEAST_BODY = 2
_MOSTLY_STAMPED = 0.5
_GOES_ON = re.compile(r"\s|Caused by|Suppressed: |Traceback ")
_AGAIN = "line as above|lines as above"


def bodies(text: str, lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The ranges of lines that go on with the entry in front of them."""
    loose = shape.log_likeness(text) < _MOSTLY_STAMPED
    start = -1
    for i, line in enumerate(lines):
        inside = bool(_GOES_ON.match(line)) or not (loose or shape.heads_entry(line))
        if inside and i and start < 0:
            start = i
        elif not inside and start >= 0:
            yield start, i
            start = -1
    if start >= 0:
        yield start, len(lines)


def show_bodies(
    text: str,
    lines: Sequence[str],
    groups: Groups,
    shown: list[bool],
    asked: Callable[[str], bool],
) -> list[str]:
    """Show what belongs to shown entries, in place, but no trace twice and no library frames.

    Returns words for the lines that are hidden for these reasons.
    """
    reasons = frame_labels(lines, asked) if has_frames(text) else [SHOWN] * len(lines)
    seen: set[tuple[int, ...]] = set()
    for start, end in bodies(text, lines):
        kinds = tuple(groups.of[start:end])
        if kinds in seen and end - start >= _LEAST_BODY:
            for i in range(start, end):
                if not asked(lines[i]):
                    reasons[i] = _AGAIN
        elif shown[start - 1]:
            shown[start : min(end, start + _MAX_BODY)] = [True] * min(end - start, _MAX_BODY)
        if shown[start - 1]:
            seen.add(kinds)
    for i, reason in enumerate(reasons):
        shown[i] = shown[i] and (not reason)
    return [reason if reason != QUIET else "" for reason in reasons]
