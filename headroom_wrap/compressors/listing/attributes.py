"""Long listings (`ls -l`, `tar tv`, `wc`): what files have in common is said where it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from headroom_wrap.compressors import _running

_DATE = (
    r"(?:[A-Z][a-z]{2} [ \d]\d (?:\d\d:\d\d| \d{4})"
    r"|(?:\d{4}-)?\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)? [+-]\d{4})?)"
)
_SIZE = r"\d[\d.,]*[KMGTPE]?"
LONG = re.compile(
    rf"(?:(([-dlbcpsD])[-rwxsStT]{{9}}[.+@]?(?: +\d+ \S+ +\S+| \S+/\S+))|(?= +\d+  \d))"
    rf"( +{_SIZE})(  ?)({_DATE})( {{1,3}})(\S.*)",
    re.DOTALL,
)
_SHORT = re.compile(rf"(?:([dlbcpsD])(\d{{1,9}})? )?({_SIZE}) (?:({_DATE}) )?(\S.*)", re.DOTALL)
_LINKS = re.compile(r"(\S+)( +\d+)( .*)")
_COUNT = re.compile(r"( +\d+) (\S.*)", re.DOTALL)
_COUNTED = re.compile(r"(\d+) (\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _State:
    """The attributes of the last file of each type, the last date, how wide sizes are, and what
    stands around dates.
    """

    attributes: tuple[tuple[str, str], ...] = ()
    date: str = ""
    width: int = 0
    gaps: tuple[str, str] = (" ", " ")

    def of(self, kind: str) -> str | None:
        return next((said for name, said in self.attributes if name == kind), None)

    def after(self, kind: str, said: str, date: str, width: int, gaps: tuple[str, str]) -> _State:
        others = tuple(pair for pair in self.attributes if pair[0] != kind)
        return _State((*others, (kind, said)), date, width, gaps)


def write(text: str) -> str:
    return _running.write(text, _State(), _read, _propose)


def restore(text: str) -> str:
    return _running.restore(text, _State(), _read)


def _propose(state: _State, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
    line = lines[i]
    if found := LONG.fullmatch(line):
        attributes, kind, size, before, date, behind, name = found.groups()
        said = _said(state.of(kind or "-"), attributes or "", kind or "-")
        if said is not None and state.gaps == (before, behind) and len(size) == state.width:
            if date == state.date:
                yield (f"{said}{size.lstrip()} {name}",)
            yield (f"{said}{size.lstrip()} {date} {name}",)
    elif state.width and not state.attributes and (found := _COUNT.fullmatch(line)):
        yield (f"{found[1].lstrip()} {found[2]}",)


def _said(above: str | None, attributes: str, kind: str) -> str | None:
    """What has to be said of a file whose kind had these attributes `above`: its kind, and how many
    links there are where only that differs."""
    if above == attributes:
        return "" if kind == "-" else f"{kind} "
    found = _LINKS.fullmatch(attributes)
    links = found[2].lstrip() if found else ""
    if above is None or kind == "-" or not links or _linked(above, links) != attributes:
        return None
    return f"{kind}{links} "


def _linked(attributes: str, links: str | None) -> str:
    """The attributes with another number of links."""
    found = _LINKS.fullmatch(attributes) if links else None
    if not found or not links:
        return attributes
    return f"{found[1]}{links.rjust(len(found[2]))}{found[3]}"


def _read(state: _State, line: str) -> tuple[str | None, _State]:
    if found := LONG.fullmatch(line):
        attributes, kind, size, before, date, behind, _ = found.groups()
        gaps = (before, behind)
        return line, state.after(kind or "-", attributes or "", date, len(size), gaps)
    if state.attributes:
        found = _SHORT.fullmatch(line)
        attributes = state.of(found[1] or "-") if found else None
        if not found or attributes is None:
            return line, state
        date = found[4] or state.date
        after = state if date == state.date else replace(state, date=date)
        before, behind = state.gaps
        size = found[3].rjust(state.width)
        return f"{_linked(attributes, found[2])}{size}{before}{date}{behind}{found[5]}", after
    if found := _COUNT.fullmatch(line):
        return line, state if len(found[1]) == state.width else _State(width=len(found[1]))
    if state.width and (found := _COUNTED.fullmatch(line)):
        return f"{found[1].rjust(state.width)} {found[2]}", state
    return line, state
