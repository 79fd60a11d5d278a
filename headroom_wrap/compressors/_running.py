"""Codecs that tell each line by the lines above it, and prove every line while they write it.

A `Read` turns one written line into the original line (None for a line that only sets the state)
and the state after it. A `Propose` offers shorter ways of writing a line; the first that `Read`
turns back into exactly that line is used, or else the line itself, behind a backslash where
`Read` would take it for something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

State = TypeVar("State")

Read = Callable[[State, str], "tuple[str | None, State]"]
Propose = Callable[[State, Sequence[str], int], Iterable["tuple[str, ...]"]]

_LITERAL = "\\"


def write(text: str, start: State, read: Read[State], propose: Propose[State]) -> str:
    """`text` with each of its lines in the first proposed form that reads back."""
    lines = text.split("\n")
    state = start
    written: list[str] = []
    for i, line in enumerate(lines):
        for said in (*propose(state, lines, i), (line,)):
            back, after = _read(state, said, read)
            if back == line:
                written += said
                state = after
                break
        else:
            written.append(_LITERAL + line)
    return "\n".join(written)


def _read(state: State, said: tuple[str, ...], read: Read[State]) -> tuple[str | None, State]:
    """The one line that is said, None where it is none or more, and the state after it."""
    if len(said) == 1 and said[0][:1] != _LITERAL:
        return read(state, said[0])
    back, after = _replay(state, said, read)
    return (back[0] if len(back) == 1 else None), after


def restore(text: str, start: State, read: Read[State]) -> str:
    """What `write` was given."""
    return "\n".join(_replay(start, text.split("\n"), read)[0])


def _replay(state: State, written: Iterable[str], read: Read[State]) -> tuple[list[str], State]:
    lines: list[str] = []
    for line in written:
        if line[:1] == _LITERAL:
            lines.append(line[1:])
            continue
        back, state = read(state, line)
        if back is not None:
            lines.append(back)
    return lines, state
