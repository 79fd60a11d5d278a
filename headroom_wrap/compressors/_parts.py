"""Mixed texts cut into parts that each have one origin: sections, payloads, wrapping lines."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from headroom_wrap.detect.commands import Program, pipelines
from headroom_wrap.detect.kinds import likely
from headroom_wrap.types import Origin

_ENVELOPE = re.compile(
    r"(?:(?:Chunk ID|Wall time|Process exited with code|Process running with session ID|"
    r"Original token count|Exit code|Total output lines|Script completed|Command)[: ][^\n]*\n)+"
    r"(?:\n?Output:\n)?|(?:<system-reminder>.{0,4000}?</system-reminder>\s*)+",
    re.DOTALL,
)
_TAIL = re.compile(
    r"\n*(?:<system-reminder>(?:(?!<system-reminder>).){0,4000}</system-reminder>\s*"
    r"|<exited with exit code -?\d+>\s*|\[Exit code: -?\d+\]\s*)\Z",
    re.DOTALL,
)
# A line break to begin with is found much faster than the beginning of a line.
_PAYLOAD = re.compile(r"\n[\[{][\s{\[\"]")
_LONGEST_TAIL = 4200
# What every tail ends in.
_ENDS = (">", "]")
# The rule above a drawn table; those of plus signs look the same below its heading and its rows.
_RULE = re.compile(r"^(?:[┌╭╔][─═┬╤╦]{3,}[┐╮╗]|\+(?:-{3,}\+)+)$", re.MULTILINE)
# What psql sets above the columns of `\\d` and the like.
_TITLE = re.compile(r" *[^|\n]+\n(?=[^|\n]+\|[^\n]*\n-+(?:\+-+)+\n)")
_LEAST_PAYLOAD = 1500
_LEAST_MARK = 3
_SILENT = frozenset("cd export set source . true mkdir rm mv cp touch sleep pushd popd".split())
_DECODER = json.JSONDecoder()
_SOUND = msgspec.json.Decoder(msgspec.Raw)


@dataclass(frozen=True, slots=True)
class Part:
    """A slice of the text; `fixed` ones are passed on as they are."""

    text: str
    origin: Origin
    fixed: bool = False


def parts(text: str, origin: Origin) -> list[Part]:
    """The parts of `text` in order; joined they are `text`."""
    head = _ENVELOPE.match(text)
    start = head.end() if head else 0
    last = text[-_LONGEST_TAIL:].rstrip()[-1:]
    tail = _TAIL.search(text, max(start, len(text) - _LONGEST_TAIL)) if last in _ENDS else None
    end = tail.start() if tail else len(text)
    found = [
        Part(text[:start], origin, fixed=True),
        *(
            piece
            for section in _sections(text[start:end], origin)
            for piece in ([section] if section.fixed else _pieces(section))
        ),
        Part(text[end:], origin, fixed=True),
    ]
    return [part for part in found if part.text]


def _sections(text: str, origin: Origin) -> Iterator[Part]:
    """Cut at the lines that the command itself echoes between its programs."""
    at = 0
    running: list[str] = []
    for group in pipelines(origin.command):
        mark = _mark(group)
        found = _line_at(text, mark, at) if mark else -1
        if found >= 0:
            yield Part(text[at:found], _under(origin, running))
            at = min(len(text), text.find("\n", found) + 1 or len(text))
            yield Part(text[found:at], origin, fixed=True)
            running = []
        elif not mark and group[0].name not in _SILENT:
            running.append(" | ".join(shlex.join((p.name, *p.args)) for p in group))
    yield Part(text[at:], _under(origin, running) if at else origin)


def _under(origin: Origin, running: list[str]) -> Origin:
    return replace(origin, command=" ; ".join(running))


def _mark(group: tuple[Program, ...]) -> str:
    """The line that an `echo` of nothing but words prints."""
    program = group[0]
    if len(group) > 1 or program.sunk or program.name not in ("echo", "printf"):
        return ""
    words = program.operands if program.name == "echo" else program.args[:1]
    line = " ".join(words).replace("\\n", "\n").strip()
    return "" if len(line) < _LEAST_MARK or re.search(r"[$`*\n\\%]", line) else line


def _line_at(text: str, line: str, start: int) -> int:
    """Where the whole line `line` stands in `text` from `start` on, or -1."""
    at = text.find(line, start)
    while at >= 0:
        ends = at + len(line)
        if (at == 0 or text[at - 1] == "\n") and text[ends : ends + 1] in ("", "\n", "\r"):
            return at
        at = text.find(line, at + 1)
    return -1


def _pieces(part: Part) -> Iterator[Part]:
    for table in _tables(part):
        yield from [table] if table.fixed else _payloads(table)


def _tables(part: Part) -> Iterator[Part]:
    """Cut where another table is drawn below one: a rule with no row above it opens it.

    What a test printed stays with the run.
    """
    title = _TITLE.match(part.text)
    at = title.end() if title else 0
    if at:
        yield replace(part, text=part.text[:at], fixed=True)
    told = likely(part.origin.command) == "testrun"
    for found in () if told else _RULE.finditer(part.text):
        above = part.text[part.text.rfind("\n", 0, max(0, found.start() - 1)) + 1 : found.start()]
        if found.start() and (found[0][0] != "+" or above[:1] != "|"):
            yield replace(part, text=part.text[at : found.start()])
            at = found.start()
    yield replace(part, text=part.text[at:])


def _payloads(part: Part) -> Iterator[Part]:
    """Cut a large JSON document out of the lines around it."""
    text = part.text
    first = text.lstrip()[:1]
    if first in ("{", "[") and _PAYLOAD.match(f"\n{text.lstrip()[:2]}"):
        end = 0 if _is_document(text) else _document_end(text, len(text) - len(text.lstrip()))
        cut = [(0, end)] if 0 < end < len(text.rstrip()) else []
    else:
        starts = [m.start() + 1 for m, _ in zip(_PAYLOAD.finditer(text), range(3), strict=False)]
        cut = [(start, end) for start in starts if (end := _document_end(text, start))][:1]
    for start, end in cut:
        yield replace(part, text=text[:start])
        yield Part(text[start:end], part.origin)
        yield replace(part, text=text[end:])
        return
    yield part


def _is_document(text: str) -> bool:
    """Whether all of the text is one JSON document; a faster look than for its end."""
    try:
        _SOUND.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _document_end(text: str, start: int) -> int:
    """Where the JSON document at `start` ends; 0 when there is none of some size."""
    try:
        _, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return 0
    return end if end - start >= _LEAST_PAYLOAD else 0
