"""What a text looks like: a log, numbered lines of a file, a diff, data. A bounded look only."""

from __future__ import annotations

import functools
import itertools
import json
import re

_SAMPLE = 60
_REMEMBERED = 4

TIME = (
    r"\d{4}[-/.]\d\d[-/.]\d\d(?:[-T_ ]+\d\d?[:.]\d\d|\b)|\d\d:\d\d:\d\d"
    r"|\d\d?[/ ][A-Z][a-z]{2}[/ ]\d{4}|[A-Z][a-z]{2} +\d{1,2} +\d\d:\d\d"
    r"|\d{1,4}/\d\d?/\d{1,4} \d\d?:\d\d|\d{10}(?:\.\d+|\d{3})?\b|\d{2,4}[01]\d[0-3]\d[ -]\d{6}"
)
STAMPED = re.compile(
    # What a time can begin with is looked for first.
    rf"^(?:\S{{0,40}} *\|? *)??(?=[\[(<t\"'A-Z\d])[\[(<]?(?:ts=|time=)?[\"']?(?:{TIME})"
    r"|^\[ *\d+\.\d+\] "
)
LEVELLED = re.compile(
    r"^[\[(<]?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE|FINE)\b"
    r"|^[IWEF]\d{4} \d\d:|^[VDIWEF]/[\w.$-]+\(?",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\blevel=\w")
# A cheap look: without it there is no time.
_TIMELIKE = re.compile(r"\d(?:[-/.:]\d|[/ ][A-Z]|\d{5})")
NUMBERED = re.compile(r"^ *(\d{1,7})(?:\t|→|: ?| *\| ?)")
_RULE = re.compile(r"[-=+| ]*-\+-[-=+| ]*")
_DIFF = re.compile(
    r"^(?:diff --git |diff -|--- \S|\+\+\+ \S|@@ -\d+(?:,\d+)? \+\d+|Index: \S)", re.M
)
_CONTEXT = re.compile(r"^(?:.{1,300}?-)?\d{1,7}-|^--$")


def sample(text: str, count: int = _SAMPLE) -> list[str]:
    """Lines from the beginning, the middle and the end of the text, without reading all of it."""
    return list(_sampled(text, count))


# All who look at a text look at the same lines of it.
@functools.lru_cache(_REMEMBERED)
def _sampled(text: str, count: int) -> list[str]:
    if len(text) <= count * 200:
        lines = text.split("\n")
        if len(lines) <= count:
            return [line for line in lines if line.strip()]
        third = count // 3
        middle = len(lines) // 2
        lines = lines[:third] + lines[middle : middle + third] + lines[-third:]
        return [line for line in lines if line.strip()]
    width, lines = count * 60, []
    for start in (0, len(text) // 2, len(text) - width):
        part = text[start : start + width].split("\n")
        lines += part[: count // 3] if start == 0 else part[1 : count // 3 + 1]
    return [line for line in lines if line.strip()]


def share(pattern: re.Pattern[str], lines: list[str]) -> float:
    """The part of the lines that the pattern is found in."""
    return sum(1 for line in lines if pattern.search(line[:400])) / len(lines) if lines else 0.0


@functools.lru_cache(_REMEMBERED)
def log_likeness(text: str) -> float:
    """The part of sampled lines that begin like log entries."""
    lines = [line for line in sample(text) if not line[0].isspace()]
    if not lines:
        return 0.0
    return sum(map(heads_entry, lines)) / len(lines)


def heads_entry(line: str) -> bool:
    """Whether a line begins as log entries do, with a time or a level."""
    line = line[:200]
    if _TIMELIKE.search(line) and STAMPED.match(line):
        return True
    return LEVELLED.match(line) is not None or ("level=" in line and bool(_LEVEL.search(line)))


@functools.lru_cache(_REMEMBERED)
def is_numbered(text: str) -> bool:
    """Whether the lines carry ascending numbers as file views print them."""
    lines = [line for line in text[:8000].split("\n")[:40] if line.strip()]
    while lines and not NUMBERED.match(lines[0]) and len(lines) > 3:
        # The first column of a drawn table may count its rows.
        if _RULE.fullmatch(lines[0]):
            return False
        lines = lines[1:]
    numbers = [int(m[1]) for line in lines if (m := NUMBERED.match(line))]
    if len(numbers) < 3 or len(numbers) < 0.8 * len(lines) - 2:
        return False
    return all(0 < b - a <= 5 for a, b in itertools.pairwise(numbers))


@functools.lru_cache(_REMEMBERED)
def is_diff(text: str) -> bool:
    """Whether the text holds hunks of a unified diff."""
    if "@@ -" not in text[:200_000]:
        return False
    marks = {m.group()[:2] for m in _DIFF.finditer(text[:200_000])}
    return "@@" in marks and len(marks) >= 2


def has_context(text: str) -> bool:
    """Whether search results come with lines around the matches (`12-text`, `path-12-text`)."""
    lines = sample(text)
    return sum(1 for line in lines if _CONTEXT.match(line)) >= max(2, len(lines) // 5)


def is_data(text: str, least: int = 20_000) -> bool:
    """Whether a JSON text is clearly data: large, and mostly one array of uniform objects."""
    if len(text) < least or text.lstrip()[:1] not in ("[", "{"):
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if isinstance(value, dict):
        value = max(
            value.values(), key=lambda v: len(v) if isinstance(v, list) else 0, default=None
        )
    if not isinstance(value, list) or len(value) < 20:
        return False
    rows = [frozenset(row) for row in value if isinstance(row, dict) and row]
    return len(rows) == len(value) and len(set(rows)) <= max(1, len(rows) // 10)
