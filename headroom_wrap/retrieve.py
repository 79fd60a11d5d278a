"""Just the part of an original that was asked for: lines, matches, rows or a jq expression."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass

import msgspec

from headroom_wrap import python
from headroom_wrap.errors import ConfigError

_PATIENCE = 5.0
_JQ = f"""
{python.APART}
import json
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
except (ImportError, OSError, ValueError):
    pass
import jq
expression, text = json.load(sys.stdin.buffer)
try:
    found = jq.compile(expression).input_text(text).text()
except ValueError as problem:
    sys.exit(str(problem))
sys.stdout.buffer.write(found.encode("utf-8", "surrogatepass"))
"""
_RANGE = re.compile(r"(\d+)(?:\s*[-:,]\s*(\d+)?)?$")


@dataclass(frozen=True, slots=True)
class Part:
    """Which part. `lines` and `rows` are 1-based and inclusive: `5`, `5-9`, `5-`.

    Lines are cut first, then matched; `context` is the number of lines around a match.
    """

    lines: str = ""
    grep: str = ""
    context: int = 0
    rows: str = ""
    jq: str = ""

    @property
    def whole(self) -> bool:
        return not (self.lines or self.grep or self.rows or self.jq)


def part(text: str, wanted: Part) -> str:
    """The part of `text`; raises ConfigError when it cannot be understood or cut out."""
    if wanted.whole:
        return text
    if wanted.jq:
        return _jq(text, wanted.jq)
    if wanted.rows:
        return _rows(text, wanted.rows)
    return _lines(text, wanted)


def _bounds(spelled: str, what: str) -> tuple[int, int | None]:
    match = _RANGE.match(spelled.strip())
    if match is None:
        raise ConfigError(f"{what} {spelled!r} is no range", f"write --{what} 5, 5-9 or 5-")
    start = max(int(match[1]), 1)
    if match[2]:
        return start - 1, int(match[2])
    return start - 1, None if re.search(r"[-:,]", spelled) else start


def _lines(text: str, wanted: Part) -> str:
    numbered = list(enumerate(text.splitlines(keepends=True), 1))
    if wanted.lines:
        start, end = _bounds(wanted.lines, "lines")
        numbered = numbered[start:end]
    if not wanted.grep:
        return "".join(line for _, line in numbered)
    return _matches(numbered, wanted)


def _matches(numbered: list[tuple[int, str]], wanted: Part) -> str:
    hits = _hits([line for _, line in numbered], wanted.grep)
    near: set[int] = set()
    done = 0
    for i in hits:
        end = min(i + wanted.context + 1, len(numbered))
        # Those before `done` are there already: contexts overlap.
        near.update(range(max(i - wanted.context, done), end))
        done = end
    out: list[str] = []
    last = None
    for i, (number, line) in enumerate(numbered):
        if i not in near:
            continue
        if wanted.context and last is not None and i > last + 1:
            out.append("--\n")
        out.append(f"{number}{':' if i in hits else '-'}{line}")
        last = i
    return "".join(out)


def _hits(lines: list[str], asked: str) -> dict[int, None]:
    """Which lines match, in order. Not `re`: some expressions would hold the process for ever."""
    import regex

    over = time.monotonic() + _PATIENCE
    hits: dict[int, None] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            pattern = regex.compile(asked)
        for i, line in enumerate(lines):
            if pattern.search(line, timeout=max(over - time.monotonic(), 0.001), concurrent=True):
                hits[i] = None
    except regex.error as problem:
        raise ConfigError(f"{asked!r} is no regular expression: {problem}") from problem
    except TimeoutError as problem:
        raise ConfigError(f"{asked!r} takes too long", "ask for a plainer expression") from problem
    return hits


def _rows(text: str, spelled: str) -> str:
    start, end = _bounds(spelled, "rows")
    rows = _array(text)
    if rows is None:
        header, *body = text.splitlines(keepends=True) or [""]
        return header + "".join(body[start:end])
    return "".join(bytes(row).decode("utf-8", "replace") + "\n" for row in rows[start:end])


def _array(text: str) -> list[msgspec.Raw] | None:
    """The elements of the JSON array that a text is, or that its only list-valued key holds."""
    body = text.encode("utf-8", "surrogatepass")
    try:
        return msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    lists = [value for value in fields.values() if bytes(value).lstrip()[:1] == b"["]
    return msgspec.json.decode(lists[0], type=list[msgspec.Raw]) if len(lists) == 1 else None


def _jq(text: str, expression: str) -> str:
    """In a process of its own, which can be ended: `repeat(1)` never does by itself."""
    # Arguments end at a NUL, and cannot be as long as an expression may be.
    asked = json.dumps([expression, text]).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _JQ], input=asked, capture_output=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as problem:
        raise ConfigError("jq: it takes too long", "ask for less") from problem
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["out of memory"]
        raise ConfigError(f"jq: {lines[-1]}", "see https://jqlang.org/manual/")
    found = done.stdout.decode("utf-8", "surrogatepass")
    return found + "\n" if found else ""
