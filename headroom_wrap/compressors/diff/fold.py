"""Diffs of files that no person writes: lock files, generated and vendored ones, binaries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_wrap.compressors._fold import fold_ranges, plural
from headroom_wrap.compressors.diff.files import File, files
from headroom_wrap.relevance import wanted

_LOCK = frozenset(
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock cargo.lock "
    "poetry.lock uv.lock pipfile.lock pdm.lock composer.lock gemfile.lock go.sum mix.lock "
    "pubspec.lock flake.lock podfile.lock packages.lock.json gradle.lockfile deno.lock "
    "cartfile.resolved package.resolved conda-lock.yml pixi.lock module.bazel.lock".split()
)
_GENERATED = re.compile(
    r"\.min\.(?:js|css|mjs)$|\.(?:js|css|mjs)\.map$|[.-](?:bundle|chunk)\.js$|_pb2(?:_grpc)?\.pyi?$"
    r"|\.pb\.(?:go|cc|h)$|_grpc\.pb\.go$|\.pb\.gw\.go$|\.g\.dart$|\.freezed\.dart$"
    r"|\.designer\.cs$|\.g\.cs$|(?:^|/)zz_generated\.|\.generated\.\w+$"
    r"|(?:^|/)(?:PKG-INFO|METADATA|SOURCES\.txt|RECORD)$|\.(?:egg|dist)-info/"
    r"|(?:^|/)(?:node_modules|_?vendor(?:ed)?|third[_-]party|3rdparty|bower_components"
    r"|__generated__|\.yarn)/|(?:^|/)dist/(?:.+/)?[^/]+\.(?:[cm]?js|css|map|d\.[cm]?ts)$",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"@generated\b|[Cc]ode generated .*DO NOT EDIT|(?:automatically|auto-?) ?generated.{0,40}"
    r"do not (?:edit|modify)|GENERATED (?:FILE|CODE).{0,20}DO NOT",
    re.IGNORECASE,
)
_HEAD_LINES = 8
_FEWEST = 12
_LEAST_CHARS = 400
_WIDE, _MINIFIED, _MEAN = 2000, 800, 160
_TIMED = re.compile(r"(?:---|\+\+\+) [^\t]+\t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")

Gaps = tuple[tuple[int, int], ...]


def fold(text: str, question: str, command: str) -> tuple[str, Gaps]:
    """The diff with counted notes in place of what machines wrote; other hunks are untouched."""
    query = f"{question}\n{command}"
    lines = text.split("\n")
    keep = [True] * len(lines)
    times: set[int] = set()
    asked = wanted(question, lines)
    for file in files(lines):
        if _is_machine_written(file, lines) and not _is_named(file.path, query):
            for i in range(file.hunks, file.end):
                keep[i] = len(lines[i]) < _WIDE and asked(lines[i])
        for i in _names_again(file, lines):
            keep[i] = False
            times.add(i)

    def words(start: int, end: int) -> str:
        if start in times:
            return f"{plural(end - start, 'line')} with file times"
        hidden = lines[start:end]
        if "GIT binary patch" in hidden[:1]:
            return plural(end - start, "line") + " of binary patch"
        added = sum(line[:1] == "+" for line in hidden)
        removed = sum(line[:1] == "-" for line in hidden)
        return f"{plural(end - start, 'line')}: {added} added, {removed} removed"

    return (text, ()) if all(keep) else fold_ranges(lines, keep, words)


def _is_machine_written(file: File, lines: Sequence[str]) -> bool:
    hunks = lines[file.hunks : file.end]
    if len(hunks) < _FEWEST and sum(map(len, hunks)) < _LEAST_CHARS:
        return False
    name = file.path.rsplit("/", 1)[-1].lower()
    if name in _LOCK or _GENERATED.search(file.path) or hunks[:1] == ["GIT binary patch"]:
        return True
    if any(map(_SAYS_SO.search, hunks[1:_HEAD_LINES])):
        return True
    return name.endswith((".js", ".css", ".map", ".svg")) and _is_minified(hunks)


def _is_minified(hunks: Sequence[str]) -> bool:
    """Whether most of it stands in very long lines: one may be in what a person wrote, too."""
    return max(map(len, hunks)) > _MINIFIED and sum(map(len, hunks)) > _MEAN * len(hunks)


def _is_named(path: str, query: str) -> bool:
    """Whether the request or the command speaks of the file itself, or of such a folder."""
    known = query.lower()
    folders = path.lower().split("/")[:-1]
    return path.rsplit("/", 1)[-1].lower() in known or any(
        name in known for name in folders if _GENERATED.search(f"{name}/x.js")
    )


def _names_again(file: File, lines: Sequence[str]) -> range:
    """`--- A` and `+++ B` with their times, where `diff … A B` above names both files."""
    first = file.start + 1
    pair = lines[first : first + 2]
    if file.hunks != first + 2 or not all(map(_TIMED.match, pair)):
        return range(0)
    names = " ".join(line[4:].split("\t")[0] for line in pair)
    return range(first, first + 2) if lines[file.start].endswith(f" {names}") else range(0)
