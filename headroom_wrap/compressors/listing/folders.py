"""Paths below their folder: it is said once, with what stands before it on every line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from headroom_wrap.compressors import _running

# A number, size or date belongs to one file; other words (`modified:`) to all in the folder.
LEAD = re.compile(
    r"[0-9a-f]{32,128} [ *]|\d{6} (?:blob|tree|commit) [0-9a-f]{7,64}(?: +[\d-]+)?\t"
    r"|(?:[dlbcpsD] )?\d[\d.,]*[KMGTPEkB]?i?(?:[ \t]+(?:[A-Z][a-z]{2} [ \d]\d "
    r"(?:\d\d:\d\d| \d{4})|(?:\d{4}-)?\d\d-\d\d \d\d:\d\d))?[ \t]+"
)
_STATUS = re.compile(r"[ MTADRCU?!]{2} \S.*/:", re.DOTALL)
_SAID = "/:"
_NOTE = "[… "
_LEAST_SPARED = 12
# A number cannot share a token with the blanks before it: setting it in must spare more.
_LEAST_FOLDER = 4
_AHEAD = 8
_LONGEST = 4_096

State = tuple[str, ...]
_START: State = ()


def write(text: str, full: Collection[str] = ()) -> str:
    """Where some lines end in a slash, that is how folders are printed; else none do.

    The lines in `full` stay as they are.
    """
    slash = is_slashed(text)
    lines = text.split("\n")
    parsed = [parse(line) for line in lines]

    def propose(state: State, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
        if "/" in lines[i] and len(lines[i]) < _LONGEST and lines[i] not in full:
            yield from _propose(state, parsed, i, slash)

    return _running.write(text, _START, _reader(slash), propose)


def restore(text: str, slash: bool) -> str:
    return _running.restore(text, _START, _reader(slash))


def is_slashed(text: str) -> bool:
    return "/\n" in text or text.endswith("/")


def parse(line: str) -> tuple[str, str]:
    """What stands before the path, and the path."""
    found = LEAD.match(line)
    return (line[: found.end()], line[found.end() :]) if found else ("", line)


def _reader(slash: bool) -> _running.Read[State]:
    def read(state: State, line: str) -> tuple[str | None, State]:
        if line.startswith(_NOTE):
            return line, state
        if line.endswith(_SAID):
            above = () if _STATUS.fullmatch(line) else _above(state, line)
            base = above[-1] if above else ""
            return None, (*above, base + line[len(above) : -1])
        above = _above(state, line)
        base = above[-1] if above else ""
        body = line[len(above) :]
        if not slash and body.endswith("/"):
            return base + body[:-1], (*above, base + body)
        if not base and not body.endswith("/"):
            return body, above
        lead, name = parse(body)
        told = base + name
        return lead + told, (*above, told) if name.endswith("/") else above

    return read


def _above(state: State, line: str) -> State:
    """The open folders that a line of its indentation is in."""
    return state[: len(line) - len(line.lstrip(" "))]


def _propose(
    state: State, parsed: Sequence[tuple[str, str]], i: int, slash: bool
) -> Iterator[tuple[str, ...]]:
    lead, path = parsed[i]
    if path.endswith("/") and not slash:
        return
    depth = next((k for k in range(len(state), 0, -1) if path.startswith(state[k - 1])), 0)
    base = state[depth - 1] if depth else ""
    margin = " " * depth
    if not path.endswith("/"):
        ahead = [other for _, other in parsed[i + 1 : i + _AHEAD]]
        if not slash and not lead and _worth(path + "/", base, ahead, itself=True):
            yield (f"{margin}{path[len(base) :]}/",)
        folder = _folder(path, ahead)
        spared = len(folder) - len(base)
        if spared >= (_LEAST_FOLDER if lead else 1) and _worth(folder, base, ahead):
            yield (f"{margin}{folder[len(base) :]}:", f"{margin} {lead}{path[len(folder) :]}")
    if base or path.endswith("/"):
        yield (f"{margin}{lead}{path[len(base) :]}",)


def _folder(path: str, ahead: Sequence[str]) -> str:
    """The folder of the path, or the one that it shares with the next path."""
    folder = path[: path.rfind("/") + 1]
    while folder and ahead and not ahead[0].startswith(folder):
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
