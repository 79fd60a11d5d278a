"""Lists sorted by number: the first in their order, the others by folder, sorted in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_TOP = 20
_LEAST = 40
_FEWEST_IN_FOLDER = 2
_HERE = "(here)"
_MARK = re.compile(r"\[first (\d+) lines as sorted, next (\d+) by folder; (\S+) by (\S+)\]")
_ENTRY = re.compile(r"( *)(\d+(?:\.\d+)?)([KMGTPE]?)([ \t]+)(\S.*)", re.DOTALL)
_UNITS = " KMGTPE"

Tie = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line: its number as printed and as it counts, what stands between, and the path."""

    said: str
    value: float
    gap: str
    path: str

    @property
    def folder(self) -> str:
        return self.path[: self.path.rfind("/") + 1]


def _as_spelled(path: str) -> str:
    return path


def _letters(path: str) -> str:
    """Most locales look at punctuation only between names that are otherwise equal."""
    return re.sub(r"[\W_]", "", path).lower()


_TIES: dict[str, Tie] = {"name": _as_spelled, "letters": _letters}
_ORDERS = {"-rn": (True, True), "-n": (False, False), "-nr": (True, False)}


def is_mark(line: str) -> bool:
    return _MARK.fullmatch(line) is not None


def write(text: str) -> list[str]:
    """The list by folder, if it is one and its order can be found again; else nothing."""
    lines = text.split("\n")
    if len(lines) < _LEAST or not _ENTRY.fullmatch(lines[0]):
        return []
    rest = list(_entries(lines[_TOP:]))
    if len(rest) < _LEAST - _TOP or len({entry.gap for entry in rest}) != 1:
        return []
    values = [entry.value for entry in rest]
    for sort, tie in ((s, t) for s in _ORDERS for t in _TIES):
        if sorted(values, reverse=_ORDERS[sort][0]) == values and _sorted(rest, sort, tie) == rest:
            mark = f"[first {_TOP} lines as sorted, next {len(rest)} by folder; {sort} by {tie}]"
            head, tail = lines[:_TOP], lines[_TOP + len(rest) :]
            return ["\n".join([mark, *head, *_by_folder(rest), *tail])]
    return []


def _entries(lines: Sequence[str]) -> Iterator[_Entry]:
    for line in lines:
        entry = _entry(line)
        if entry is None:
            return
        yield entry


def restore(text: str) -> str:
    mark, *lines = text.split("\n")
    found = _MARK.fullmatch(mark)
    assert found
    top, count = int(found[1][:9]), int(found[2][:9])
    head = lines[:top]
    first = _ENTRY.fullmatch(head[0]) if head else None
    gap, width = (first[4], len(first[1] + first[2] + first[3])) if first else (" ", 0)
    folder = ""
    entries: list[_Entry] = []
    ends = top
    for line in lines[top:]:
        if len(entries) == count:
            break
        ends += 1
        entry = _entry(line)
        if entry is None:
            folder = line[:-1].replace(_HERE, "")
        elif line[:1] == " ":
            entries.append(_Entry(entry.said, entry.value, gap, folder + entry.path))
        else:
            entries.append(entry)
    told = [f"{e.said.rjust(width)}{gap}{e.path}" for e in _sorted(entries, found[3], found[4])]
    return "\n".join([*head, *told, *lines[ends:]])


def _entry(line: str) -> _Entry | None:
    found = _ENTRY.fullmatch(line)
    if not found or len(found[2]) > 18:
        return None
    value = float(found[2]) * 1024 ** _UNITS.index(found[3] or " ")
    return _Entry(found[2] + found[3], value, found[4], found[5])


def _sorted(entries: Sequence[_Entry], sort: str, tie: str) -> list[_Entry]:
    falling, ties_falling = _ORDERS.get(sort, (False, False))
    key = _TIES.get(tie, _as_spelled)
    by_name = sorted(entries, key=lambda e: (key(e.path), e.path), reverse=ties_falling)
    return sorted(by_name, key=lambda e: e.value, reverse=falling)


def _by_folder(entries: Sequence[_Entry]) -> list[str]:
    folders: dict[str, list[_Entry]] = {}
    for entry in entries:
        folders.setdefault(entry.folder, []).append(entry)
    lone: list[str] = []
    grouped: list[str] = []
    for folder, inside in folders.items():
        if len(inside) < _FEWEST_IN_FOLDER:
            lone += [f"{e.said}{e.gap}{e.path}" for e in inside]
        else:
            grouped.append(f"{folder or _HERE}:")
            grouped += [f" {e.said} {e.path[len(folder) :]}" for e in inside]
    return lone + grouped
