"""docs/compressors.md: what each kind of output looks like before and after, by golden cases."""

from __future__ import annotations

from collections.abc import Iterator

from headroom_wrap import tokens
from headroom_wrap.compressors import NAMES, load
from headroom_wrap.types import Level
from tests.compressors.cases import Case, cases, read

_PAIRS = 3
_BEFORE, _AFTER = 14, 28
_WIDTH = 120
_HEAD = """# Compressors

Printed by `scripts/update-docs` out of the golden cases in `tests/compressors/golden`.

Each text goes to the compressor that knows its kind: by the command that printed it first, then by
its shape; mixed texts are parted. Colours, progress bars and other moves of a terminal are resolved
before. Level `exact` rewrites only what its decoder gives back, and runs that decoder before the
result is used; `safe` also leaves lines of machine output out, each run of them counted in place
as `[… 31 passed]`. What is shown is verbatim, and whatever shares a rare word with the request is
shown. `⋮` marks where this page cuts a text; nothing is cut when it is sent.
"""


def written() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(part for name in NAMES for part in _section(name))])


def _section(name: str) -> Iterator[str]:
    pinned = [case for case in cases(name) if _shortened(case)]
    about = (load(name).__doc__ or "").split("\n")[0]
    if pinned:
        yield f"## {name}\n\n{about}\n"
    for case in sorted(pinned, key=lambda case: (-_saved(case), case.name))[:_PAIRS]:
        yield from _pair(case)


def _level(case: Case) -> Level:
    return Level.SAFE if case.out(Level.SAFE).exists() else Level.EXACT


def _shortened(case: Case) -> str:
    out = case.out(_level(case))
    return read(out) if out.exists() else ""


def _saved(case: Case) -> int:
    return tokens.count(case.text) - tokens.count(_shortened(case))


def _pair(case: Case) -> Iterator[str]:
    before, after = tokens.count(case.text), tokens.count(_shortened(case))
    command = f"`{case.origin.command}`" if case.origin.command else case.name
    question = case.about.get("question", "")
    asked = f" Asked: *{question}*" if question else ""
    yield f"### {command}\n"
    yield f"{before:,} → {after:,} tokens at `{_level(case).value}`.{asked}\n"
    yield _fenced(case.text, _BEFORE)
    yield _fenced(_shortened(case), _AFTER)


def _fenced(text: str, most: int) -> str:
    """The beginning of a text as a block of Markdown."""
    lines = [_clipped(line) for line in text.rstrip("\n").split("\n")]
    left = len(lines) - most
    if left > 1:
        lines = [*lines[:most], f"⋮ {left} lines more"]
    return "\n".join(["````text", *lines, "````", ""])


def _clipped(line: str) -> str:
    printable = "".join(char if char.isprintable() or char == "\t" else "·" for char in line)
    return printable if len(printable) <= _WIDTH else f"{printable[: _WIDTH - 1]}⋮"
