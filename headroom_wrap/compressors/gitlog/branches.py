"""`git log --graph` of a history with branches: its columns without the blanks between them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from headroom_wrap.compressors import _running

_MARK = "[git log --graph: without the blanks between columns]"
# Who prints a text may have cut off the blanks that git ends an edge with.
_BARE = "[git log --graph: without the blanks between columns and behind them]"
_PAD = "  "
# A column or an edge and what is behind it. Two blanks are none.
_DRAWN = re.compile(r"(?:[|*/\\_][ |/\\_]| [/\\_])+")
_PACKED = re.compile(r"([|*/\\_]+)(?: (?=[^|*/\\_]|$)|$)")
_EDGE = re.compile(r"[\\/_]")


def write(text: str) -> str | None:
    """The log with its columns side by side, or None where nothing is drawn."""
    if not text.startswith("* "):
        return None
    return min((_written(text, mark) for mark in (_MARK, _BARE)), key=len)


def is_written(text: str) -> bool:
    return text.startswith((f"{_MARK}\n", f"{_BARE}\n"))


def restore(text: str) -> str:
    mark, _, said = text.partition("\n")
    return _running.restore(said, "", functools.partial(_read, mark))


def _written(text: str, mark: str) -> str:
    read, propose = functools.partial(_read, mark), functools.partial(_propose, mark)
    return f"{mark}\n{_running.write(text, '', read, propose)}"


def _propose(mark: str, state: str, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
    found = _DRAWN.match(lines[i])
    if found:
        packed, rest = found.group().replace(" ", ""), lines[i][found.end() :]
        yield (f"{packed} {rest}" if rest.strip() else packed,)


def _read(mark: str, state: str, line: str) -> tuple[str | None, str]:
    found = _PACKED.match(line)
    if not found:
        return line, state
    rest = line[found.end() :]
    edge = mark == _MARK and not rest and _EDGE.search(found[1])
    return _spread(found[1]) + (_PAD if edge else rest), state


def _spread(packed: str) -> str:
    """Columns stand at even places, and so does all beside a commit; edges at odd ones."""
    if "*" in packed:
        return "".join(f"{sign} " for sign in packed)
    drawn = ""
    for sign in packed:
        drawn += " " * ((len(drawn) + (sign != "|")) % 2) + sign
    return drawn + " " * drawn.endswith("|")
