"""The files of a unified diff: which lines are their headers, which their hunks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_HEADER = re.compile(
    r"diff |index [0-9a-f]|(?:old|new|deleted|new file|deleted file) mode |similarity index |"
    r"dissimilarity index |(?:rename|copy) (?:from|to) |--- |\+\+\+ |Binary files |Index: |={20}"
)
_NAMES = re.compile(r"\+\+\+ (?:b/)?([^\t\n]+)|--- (?:a/)?([^\t\n]+)|diff --git a/(.+) b/")


@dataclass(frozen=True, slots=True)
class File:
    """The lines [start, hunks) are headers, [hunks, end) hunks or a binary patch."""

    path: str
    start: int
    hunks: int
    end: int


def files(lines: Sequence[str]) -> list[File]:
    """The files of a diff in order; lines in between belong to none."""
    found: list[File] = []
    at = 0
    while at < len(lines):
        if not _begins(lines, at):
            at += 1
            continue
        start = at
        while at < len(lines) and _HEADER.match(lines[at]) and (at == start or not _new(lines, at)):
            at += 1
        hunks = at
        at = _after_hunks(lines, at)
        found.append(File(_path(lines[start:hunks]), start, hunks, at))
    return found


def _begins(lines: Sequence[str], at: int) -> bool:
    if lines[at].startswith("diff "):
        return True
    pair = lines[at : at + 3]
    return (
        len(pair) == 3 and pair[0][:4] == "--- " and pair[1][:4] == "+++ " and pair[2][:3] == "@@ "
    )


def _new(lines: Sequence[str], at: int) -> bool:
    return lines[at].startswith("diff ")


def _after_hunks(lines: Sequence[str], at: int) -> int:
    """Behind the hunks that begin at `at`, each as long as its head says."""
    if at < len(lines) and lines[at] == "GIT binary patch":
        while at < len(lines) and not lines[at].startswith("diff "):
            at += 1
        return at
    while at < len(lines) and (head := _HUNK.match(lines[at])):
        old, new = (1 if n is None else int(n[:9]) for n in head.groups())
        at += 1
        while at < len(lines) and (old > 0 or new > 0) and lines[at][:1] in " +-\\":
            sign = lines[at][:1]
            old -= sign in " -"
            new -= sign in " +"
            at += 1
        while at < len(lines) and lines[at].startswith("\\ "):
            at += 1
    return at


def _path(headers: Sequence[str]) -> str:
    """The name of the file, the new one where it has two."""
    names = [next(filter(None, m.groups())) for m in map(_NAMES.match, headers) if m]
    named = [name for name in names if name != "/dev/null"]
    return named[-1] if named else ""
