"""What runners print besides results: their setup, covered files, operands that are no values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_wrap.compressors._labels import SHOWN

_SETUP = re.compile(r"cachedir: |configfile: |plugins: |hypothesis profile '|asyncio: mode=")
_BEFORE = 40
_COVERED = re.compile(r" *[\w./\\@-]+ +\d+ +0(?: +\d+ +0)? +100%$| *[\w./-]+ +(?:\| +100 ){4}\| *$")
_OBJECT = r"<[^<>=]+ (?:object )?at 0x[0-9a-f]+>"
# `self = <…>`: of which class is in the title, and where in memory says nothing.
_FIXTURE = re.compile(rf"\w+ = {_OBJECT}$")
_OPERAND = re.compile(rf"E +\+ +(?:where|and) +{_OBJECT} = ")
_ASIDE = (
    (_COVERED, "file covered in full|files covered in full"),
    (_FIXTURE, "fixture"),
    (_OPERAND, "operand"),
)


def label_asides(lines: Sequence[str], labels: list[str]) -> None:
    """Label those lines, in place."""
    for i, line in enumerate(lines):
        if labels[i] != SHOWN:
            continue
        if i < _BEFORE and _SETUP.match(line):
            labels[i] = "line of setup|lines of setup"
        elif line and (line[0] in "E |" or line[-1] in ">%"):
            labels[i] = next((label for kind, label in _ASIDE if kind.match(line)), SHOWN)
