"""Just the part of an original that was asked for: lines, matches, rows or a jq expression."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from headroom_wrap.errors import ConfigError

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
    try:
        pattern = re.compile(wanted.grep)
    except re.error as problem:
        raise ConfigError(f"{wanted.grep!r} is no regular expression: {problem}") from problem
    hits = {i for i, (_, line) in enumerate(numbered) if pattern.search(line)}
    near = {j for i in hits for j in range(i - wanted.context, i + wanted.context + 1)}
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
    import jq

    try:
        found = str(jq.compile(expression).input_text(text).text())
    except ValueError as problem:
        raise ConfigError(f"jq: {problem}", "see https://jqlang.org/manual/") from problem
    return found + "\n" if found else ""
