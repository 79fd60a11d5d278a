"""`git blame`: who and when are said where they change, line numbers and text stay together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from headroom_wrap.compressors import _running
from headroom_wrap.compressors._gain import gained
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import printing
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "blame"

_FULL = re.compile(r"(\^?[0-9a-f]{6,40})([ \t].*?[ \t])( *\d+)(\).*)", re.DOTALL)
_DATED = re.compile(r"^\^?[0-9a-f]{6,40}[ \t].*?(?:\d{4}-\d\d-\d\d|\d\d:\d\d).*? *\d+\)")
_NUMBERED = re.compile(r"^\^?[0-9a-f]{6,40}[ \t].*?\d+\)")
_SAID = re.compile(r"(?:(\^?[0-9a-f]{6,40}) )?(\d+)(\).*)", re.DOTALL)
_ASKED = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _State:
    """The commit of the line above, and what stands between each commit and the line number.

    `between` only grows, by lines that are written as they are: one dictionary serves all states.
    """

    commit: str = ""
    between: dict[str, str] = field(default_factory=dict)
    width: int = 0


def score(text: str, origin: Origin) -> float:
    lines = shape.sample(text)
    if any("blame" in p.args or "annotate" in p.args for p in printing(origin.command)):
        return 1.0 if shape.share(_NUMBERED, lines) > 0.5 else 0.0
    return 0.8 if shape.share(_DATED, lines) > 0.9 else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    lines = text.split("\n")
    named = set(_ASKED.findall(ask.query))
    asked = wanted(ask.query, lines)

    def in_full(line: str) -> bool:
        found = _FULL.fullmatch(line)
        return bool(found and found[3].strip() in named) or asked(line)

    def propose(state: _State, lines: Sequence[str], i: int) -> Iterator[tuple[str, ...]]:
        found = _FULL.fullmatch(lines[i])
        if not found or found[1] not in state.between or in_full(lines[i]):
            return
        commit = "" if found[1] == state.commit else f"{found[1]} "
        yield (f"{commit}{found[3].strip()}{found[4]}",)

    shorter = _running.write(text, _State(), _read, propose)
    return gained(text, Squeezed(shorter, NAME, exact=True))


def expand(text: str) -> str:
    return _running.restore(text, _State(), _read)


def _read(state: _State, line: str) -> tuple[str | None, _State]:
    if found := _SAID.fullmatch(line):
        commit = found[1] or state.commit
        if commit not in state.between:
            return line, state
        number = found[2].rjust(state.width)
        after = state if commit == state.commit else _State(commit, state.between, state.width)
        return f"{commit}{state.between[commit]}{number}{found[3]}", after
    if found := _FULL.fullmatch(line):
        state.between[found[1]] = found[2]
        return line, _State(found[1], state.between, len(found[3]))
    return line, state
