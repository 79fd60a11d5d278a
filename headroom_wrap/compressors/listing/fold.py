"""Long listings: runs of files of one kind in one folder, and what tools have put there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from headroom_wrap.compressors._fold import fold_ranges, plural
from headroom_wrap.compressors.listing import attributes, folders, tree
from headroom_wrap.relevance import wanted

_MANY = 300
_LONG_RUN = 24
_FIRST = 3
_LAST = 1
_LEAST_VENDORED = 24
_VENDORED_SHOWN = 2
_FEW_EMPTY = 3
_VENDORED = re.compile(
    r"(?:^|/)(node_modules|\.git|__pycache__|\.venv|venv|site-packages|\.tox|\.mypy_cache|"
    r"\.pytest_cache|\.ruff_cache|bower_components|\.gradle|\.next|\.nuxt|\.cache|\.terraform|"
    r"\.eggs|Pods|\.dart_tool)(?=/|$)"
)
_NUMBERED = re.compile(r" *(\d{1,17})[ \t]+\S")
_MANY_RANKED = 150
_PROCESSES = re.compile(r"\bPID\b.* (?:COMMAND|CMD)$")
_THREAD = re.compile(
    r" 0\.0  0\.0 +0 +0 .*[\d:]+ \[[^\]]+\]$| 00:00:00 \[?k?(?:worker|softirqd)\S*$"
)
_RANKS_SHOWN = 120
_AGAIN = re.compile(r"[─-] \S+@\S+ deduped$|[─-] \S.* v\d\S*.* \(\*\)$")
_SECTION = re.compile(r"\S.*:$")
_ODD = re.compile(r"[\[\]…\x00-\x1f]")

Gaps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _File:
    """One line as a file: where it is, its name and kind, and its size where that is told."""

    folder: str = ""
    name: str = ""
    mode: str = ""
    size: int = -1

    @property
    def kind(self) -> str:
        dot = self.name.rfind(".")
        kind = self.name[dot:] if 0 < dot > len(self.name) - 12 else ""
        return kind if kind.isprintable() and not re.search(r"[\s\]\[…]", kind) else ""

    @property
    def vendored(self) -> str:
        found = _VENDORED.search(f"{self.folder}{self.name}")
        return f"{self.folder}{self.name}"[: found.end()] if found else ""


def fold(text: str, query: str) -> tuple[str, Gaps]:
    """The listing with counted notes in place of long uniform runs."""
    lines = text.split("\n")
    if len(lines) < _LEAST_VENDORED:
        return text, ()
    if is_processes(lines):
        return _without_threads(lines, query)
    files = list(_drawn(lines) if tree.drawn(lines[:200]) > 0.5 else _listed(lines))
    keep = [True] * len(lines)
    _skip_vendored(keep, files, query)
    _skip_again(keep, lines, query)
    if sum(bool(file.name) for file in files) >= _MANY:
        _thin(keep, files)
    if len(lines) >= _MANY_RANKED:
        _cut_ranked(keep, lines)
    if all(keep):
        return text, ()
    asked = wanted(query, lines)
    # A tree or a section says a name only: the path that is asked for is spread over its lines.
    paths = [f"{file.folder}{file.name}" for file in files]
    asked_path = wanted(query, paths)
    keep = [
        kept or asked(line) or asked_path(path)
        for kept, line, path in zip(keep, lines, paths, strict=True)
    ]
    return fold_ranges(lines, keep, _describe(lines, files))


def is_processes(lines: Sequence[str]) -> bool:
    """Whether this is what `ps` prints."""
    return _PROCESSES.search(lines[0]) is not None


def _without_threads(lines: Sequence[str], query: str) -> tuple[str, Gaps]:
    """The processes without the kernel's own that do nothing."""
    asked = wanted(query, lines)
    keep = [not _THREAD.search(line) or asked(line) for line in lines]
    return fold_ranges(lines, keep, lambda start, end: plural(end - start, "idle kernel thread"))


def _skip_vendored(keep: list[bool], files: Sequence[_File], query: str) -> None:
    """Hide what tools put there; where all is in there, or it is asked for, it is the subject."""
    vendored = [file.vendored for file in files]
    if all(vendored[i] for i, file in enumerate(files) if file.name):
        return
    for start, end in _runs(vendored):
        folder = vendored[start].rsplit("/", 1)[-1]
        if end - start >= _LEAST_VENDORED and folder not in query:
            keep[start + _VENDORED_SHOWN : end] = [False] * (end - start - _VENDORED_SHOWN)


def _skip_again(keep: list[bool], lines: Sequence[str], query: str) -> None:
    """Hide what a tree of packages says to stand elsewhere in it (npm ls, cargo tree)."""
    again = [line[-1:] in "d)" and bool(_AGAIN.search(line)) for line in lines]
    if sum(again) < _LEAST_VENDORED:
        return
    depths = [len(line) - len(tree.name_of(line)) for line in lines]
    for start, end in _runs(
        [depth if hit else 0 for depth, hit in zip(depths, again, strict=True)]
    ):
        # The last one shows where the branch ends.
        for i in range(start, end - 1):
            keep[i] = _package(lines[i]) in query


def _package(line: str) -> str:
    """The name of a package without its version."""
    return re.split(r"(?<=.)@| v\d", tree.name_of(line))[0]


def _listed(lines: Sequence[str]) -> Iterator[_File]:
    section = ""
    for line in lines:
        if found := attributes.LONG.fullmatch(line):
            path, size = found[7], found[3].strip()
            folder = path[: path.rfind("/") + 1]
            mode = (found[1] or "")[:10]
            bytes_ = int(size) if size.isdigit() and len(size) < 18 else -1
            yield _File(folder or section, path[len(folder) :], mode, bytes_)
            continue
        lead, path = folders.parse(line)
        if not lead and _SECTION.fullmatch(path) and " " not in path:
            section = path[:-1] + "/"
            yield _File()
            continue
        folder = path[: path.rfind("/") + 1]
        name = path[len(folder) :]
        named = bool(name) and (bool(folder) or bool(section) or " " not in name)
        yield _File(folder or section, name) if named else _File()


def _drawn(lines: Sequence[str]) -> Iterator[_File]:
    above: list[tuple[int, str]] = []
    for line in lines:
        name = tree.name_of(line)
        depth = len(line) - len(name)
        while above and above[-1][0] >= depth:
            above.pop()
        folder = above[-1][1] if above else ""
        yield _File(folder, name) if name else _File()
        above.append((depth, f"{folder}{name}/" if depth else ""))


def _thin(keep: list[bool], files: Sequence[_File]) -> None:
    """Hide all but the first and last of a long run, the largest and a few empty ones."""
    for start, end in _runs([(f.folder, f.kind, f.mode) if f.name else "" for f in files]):
        if end - start < _LONG_RUN or not all(keep[start:end]):
            continue
        sizes = [file.size for file in files[start:end]]
        empty, largest = sizes.count(0) <= _FEW_EMPTY, max(sizes)
        for i in range(start + _FIRST, end - _LAST):
            size = files[i].size
            keep[i] = (size == 0 and empty) or (size > 0 and size == largest)


def _cut_ranked(keep: list[bool], lines: Sequence[str]) -> None:
    """Of a list sorted by number, hide the small ones but the last."""
    found = [_NUMBERED.match(line) for line in lines if line]
    values = [int(m[1]) for m in found if m]
    if len(values) < len(found) or sorted(values, reverse=True) != values:
        return
    for i in range(_RANKS_SHOWN, len(values) - _LAST):
        keep[i] = False


def _runs(keys: Sequence[object]) -> Iterator[tuple[int, int]]:
    start = 0
    for i in range(1, len(keys) + 1):
        if i == len(keys) or keys[i] != keys[start]:
            if keys[start]:
                yield start, i
            start = i


def _describe(lines: Sequence[str], files: Sequence[_File]) -> Callable[[int, int], str]:
    def words(start: int, end: int) -> str:
        run = files[start:end]
        if all(map(_AGAIN.search, lines[start:end])):
            return f"{end - start}{tree.ELSEWHERE}"
        vendored = {file.vendored for file in run}
        if len(vendored) == 1 and (where := vendored.pop()):
            return f"{plural(end - start, 'path')} in {_ODD.sub('?', where)}"
        kinds = {file.kind for file in run}
        said = f"{kinds.pop()} file".lstrip() if len(kinds) == 1 else "file"
        if not all(file.name for file in run):
            said = "line"
        said = plural(end - start, said)
        if all(file.size >= 0 for file in run):
            said += f", {sum(file.size for file in run):,} bytes"
        elif all(numbers := [_NUMBERED.match(line) for line in lines[start:end]]):
            values = [int(m[1]) for m in numbers if m]
            said += f", numbers {min(values)} to {max(values)}"
        return said

    return words
