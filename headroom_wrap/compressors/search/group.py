"""Matches under their file: the path is said once, numbers and text stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors import _running
from headroom_wrap.compressors.search import merge

_DRIVE = r"(?:[A-Za-z]:(?=[\\/]))?"
NUMBERED = re.compile(rf"({_DRIVE}[^\n]+?):(?=\d+:)")
BARE = re.compile(rf"({_DRIVE}[^:\s][^:\n]*):")
_HEADING = re.compile(r"(?:[A-Za-z]:[\\/]|[^:\s\\])[^:\n]*:")
_ENTRY = re.compile(r"\d+:")
_PATH = re.compile(r"[./\\]")
_NOTE = "[… "


def write(text: str) -> str:
    return merge.write(_running.write(text, "", _read, _propose))


def restore(text: str) -> str:
    return _running.restore(merge.restore(text), "", _read)


def path_of(line: str) -> str:
    """The file that a match is in, "" when the line is none."""
    found = NUMBERED.match(line) or BARE.match(line)
    return found[1] if found and _PATH.search(found[1]) else ""


def _read(path: str, line: str) -> tuple[str | None, str]:
    if merge.MERGED.match(line):
        return None, path
    if path and _ENTRY.match(line):
        return f"{path}:{line}", path
    if path and line[:1] == " ":
        return f"{path}:{line[1:]}", path
    if _HEADING.fullmatch(line):
        return None, line[:-1]
    # A single match with its own path ends the group: the numbers below it must not look its own.
    return line, path if line.startswith(_NOTE) else ""


def _propose(path: str, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
    line = lines[i]
    found = path_of(line)
    if not found:
        return
    rest = line[len(found) + 1 :]
    entry = rest if _ENTRY.match(rest) else f" {rest}"
    if found == path:
        yield (entry,)
    elif i + 1 < len(lines) and path_of(lines[i + 1]) == found:
        yield (f"{found}:", entry)
