"""JSON that was cut: agents show the beginning of long outputs, or leave out their middle."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from headroom_wrap.compressors.jsontable.source import shield, unshield

_LEAST_ELEMENTS = 3
_LEAST_SHARE = 0.2
_TOKEN = re.compile(r'"[^"]*"|[\[\]{}]')
_INDENT = re.compile(r"[\[{]\r?\n( +|\t)\S")
_LINE = re.compile(r"(?<=[}\]])\n(?=[{\[])")
_MARK = re.compile(r"\[clipped in (\d+) brackets, the rest as it is:\]")


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound elements as a whole document, how many brackets had to be closed, and the rest."""

    document: str
    closed: int
    rest: str

    @property
    def mark(self) -> str:
        return f"[clipped in {self.closed} brackets, the rest as it is:]"


def find(text: str) -> Clip | None:
    """The beginning of a cut document that can be told, if it has several elements."""
    shielded = shield(text)
    try:
        json.loads(text)
    except json.JSONDecodeError as problem:
        sound = len(shield(text[: problem.pos]))
    except (ValueError, RecursionError):
        return None
    else:
        return None
    end, brackets = _last_element(shielded, sound)
    if not end or end < _LEAST_SHARE * len(text):
        return None
    if not brackets:
        return Clip(unshield(shielded[:end]), 0, unshield(shielded[end:]))
    indent = _INDENT.match(shielded)
    unit = indent[1] if indent else None
    document = unshield(shielded[:end]) + _closing(brackets, unit)
    return Clip(document, len(brackets), unshield(shielded[end:]))


def _last_element(text: str, sound: int) -> tuple[int, str]:
    """Where the last whole element of the outermost list ends, and the brackets open there.

    The list may be that of documents printed one after the other.
    """
    open_at: list[str] = []
    counts = [0]
    ends = [0]
    for match in _TOKEN.finditer(text, 0, sound):
        token = match[0]
        if token in "[{":
            open_at.append(token)
            counts.append(0)
            ends.append(0)
        elif token in "]}":
            if not open_at:
                break
            open_at.pop()
            counts.pop()
            ends.pop()
            counts[-1] += 1
            ends[-1] = match.end()
    return _outermost(text, open_at, counts, ends)


def _outermost(
    text: str, open_at: list[str], counts: list[int], ends: list[int]
) -> tuple[int, str]:
    if counts[0] == 1 and _LINE.match(text, ends[0]):
        return _lines(text)
    for depth in range(1, len(counts)):
        if counts[depth] >= _LEAST_ELEMENTS and open_at[depth - 1] == "[":
            return ends[depth], "".join(open_at[:depth])
    return 0, ""


def _lines(text: str) -> tuple[int, str]:
    """The end of the last document before one that is not sound."""
    at = count = 0
    for match in _LINE.finditer(text):
        try:
            json.loads(text[at : match.start()], strict=False)
        except (ValueError, RecursionError):
            break
        at = match.end()
        count += 1
    return (at - 1, "") if count >= _LEAST_ELEMENTS else (0, "")


def _closing(brackets: str, unit: str | None) -> str:
    """What closes the brackets, laid out as the document is."""
    closing = ""
    for depth in range(len(brackets) - 1, -1, -1):
        closing += "" if unit is None else "\n" + unit * depth
        closing += "]" if brackets[depth] == "[" else "}"
    return closing


def split(text: str) -> tuple[str, Clip | None]:
    """A told text up to the mark, and what is known of the clip; None where nothing was cut."""
    match = _MARK.search(text)
    while match and not (text[match.start() - 1] == text[match.end() : match.end() + 1] == "\n"):
        match = _MARK.search(text, match.end())
    if match is None:
        return text, None
    return text[: match.start() - 1], Clip("", int(match[1]), text[match.end() + 1 :])


def reopen(document: str, style: str, clip: Clip) -> str:
    """The cut text again, from the whole document in its style."""
    unit = {"tab": "\t", "compact": None, "spaced": None}.get(style, " " * _number(style))
    unit = None if style.startswith("lines") else unit
    closing = _closing("[" * clip.closed, unit)
    return document[: len(document) - len(closing)] + clip.rest


def _number(style: str) -> int:
    return int(style) if style.isdigit() else 0
