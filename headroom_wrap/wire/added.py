"""What clients add by themselves: to the words of a user, and around what a tool gave back."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REMINDER = "system-reminder"
_ADDED = (
    _REMINDER,
    "system_reminder",
    "current_datetime",
    "environment_context",
    "user_instructions",
)
_ENDED = re.compile(
    r"\n?<(?:exited|shellId: [^\s<>]+ completed) with exit code (?P<code>-?\d+)>\s*\Z"
)
_ENDED_CHARS = 200
# Of reminders behind a result.
_MOST = 8


@dataclass(frozen=True, slots=True)
class Own:
    """Where a tool's own words begin and end, and whether a note behind them tells of a failure."""

    start: int
    end: int
    failed: bool = False


def words(text: str) -> str:
    """What the user said."""
    for tag in _ADDED:
        text = _without(text, f"<{tag}>", f"</{tag}>")
    return text.strip()


def _without(text: str, opening: str, closing: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return "".join((*kept, text[at:])) if at else text


def own(text: str, start: int = 0) -> Own:
    """What a tool gave back, from `start` on, without what stands around it."""
    opening, closing = f"<{_REMINDER}>", f"</{_REMINDER}>"
    end, failed = len(text), False
    while text.startswith(opening, start) and (close := text.find(closing, start)) >= 0:
        start = close + len(closing)
        while text.startswith("\n", start):
            start += 1
    for _ in range(_MOST):
        bare = len(text[start:end].rstrip()) + start
        if not text.endswith(closing, start, bare):
            break
        first = text.rfind(opening, start, bare)
        end = len(text[start:first].rstrip("\n")) + start if first >= 0 else end
    note = _ENDED.search(text[max(start, end - _ENDED_CHARS) : end])
    if note:
        end -= len(note[0])
        failed = int(note["code"]) != 0
    return Own(start, end, failed)
