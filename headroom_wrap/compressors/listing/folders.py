"""Paths below their folder: it is said once, with what stands before it on every line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors import _running

# A number, size or date belongs to one file; other words (`modified:`) to all in the folder.
LEAD = re.compile(
    r"(?:[dlbcpsD] )?\d[\d.,]*[KMGTPEkB]?i?(?:[ \t]+(?:[A-Z][a-z]{2} [ \d]\d (?:\d\d:\d\d| \d{4})"
    r"|(?:\d{4}-)?\d\d-\d\d \d\d:\d\d))?[ \t]+|[0-9a-f]{32,128} [ *]"
)
_STATUS = re.compile(r"[ MTADRCU?!]{2} \S.*/:", re.DOTALL)
_SAID = "/:"
_LEAST_SPARED = 12
_AHEAD = 4

State = tuple[str, ...]
_START: State = ()


def write(text: str) -> str:
    return _running.write(text, _START, _read, _propose)


def restore(text: str) -> str:
    return _running.restore(text, _START, _read)


def parse(line: str) -> tuple[str, str]:
    """What stands before the path, and the path."""
    found = LEAD.match(line)
    return (line[: found.end()], line[found.end() :]) if found else ("", line)


def _read(state: State, line: str) -> tuple[str | None, State]:
    body = line.lstrip(" ")
    depth = min(len(line) - len(body), len(state))
    if _STATUS.fullmatch(line):
        depth = 0
    body = line[depth:]
    above = state[:depth]
    base = above[-1] if above else ""
    if body.endswith(_SAID):
        folder = base + body[:-1]
        return None, (*above, folder)
    if body.endswith("/"):
        return base + body[:-1], (*above, base + body)
    if not base:
        return body, above
    lead, name = parse(body)
    return lead + base + name, above


def _propose(state: State, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
    lead, path = parse(lines[i])
    if "/" not in path:
        return
    depth = next((k for k in range(len(state), 0, -1) if path.startswith(state[k - 1])), 0)
    base = state[depth - 1] if depth else ""
    margin = " " * depth
    ahead = [parse(line)[1] for line in lines[i + 1 : i + _AHEAD]]
    if not lead and _worth(path + "/", base, ahead, itself=True):
        yield (f"{margin}{path[len(base) :]}/",)
    folder = _folder(path, ahead)
    if len(folder) > len(base) and _worth(folder, base, ahead):
        yield (f"{margin}{folder[len(base) :]}:", f"{margin} {lead}{path[len(folder) :]}")
    if base:
        yield (f"{margin}{lead}{path[len(base) :]}",)


def _folder(path: str, ahead: Sequence[str]) -> str:
    """The folder of the path, or the one that it shares with the next path."""
    folder = path[: path.rfind("/") + 1]
    if ahead and not ahead[0].startswith(folder):
        while folder and not ahead[0].startswith(folder):
            folder = folder[: folder.rfind("/", 0, -1) + 1]
    return folder


def _worth(folder: str, base: str, ahead: Sequence[str], itself: bool = False) -> bool:
    """Whether enough of the next paths are in the folder for it to be said apart."""
    count = int(itself)
    for path in ahead:
        if not path.startswith(folder):
            break
        count += 1
    return count > itself and count * (len(folder) - len(base)) >= _LEAST_SPARED
