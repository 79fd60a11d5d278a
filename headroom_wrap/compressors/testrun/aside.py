"""What runners print besides results: setup, full coverage, mere objects, logs of what passed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from headroom_wrap.compressors._labels import SHOWN

_SETUP = re.compile(
    r"cachedir: |configfile: |plugins: |hypothesis profile '|asyncio: mode="
    r"|(?:UpdateCTestConfiguration|Constructing|Updating|Done constructing|Checking test|Added 0) "
)
_BEFORE = 40
_COVERED = re.compile(
    r" *[\w./\\@-]+ +\d+ +0(?: +\d+ +0)? +100%\s*$| *[\w./-]+ +(?:\| +100 ){4}\| *$"
)
# Of many files those that lack next to nothing are no news either.
_NEARLY = re.compile(r" *[\w./\\@-]+ +\d+ +\d+(?: +\d+ +\d+)? +9[5-9](?:\.\d+)?%(?:\s|$)")
_FEW_COVERED = 12
_OBJECT = r"<[^<>=]+ (?:(?:object )?at 0x[0-9a-f]+|testMethod=\w+)>"
# `self = <…>`: of which class is in the title, and where in memory says nothing.
_FIXTURE = re.compile(rf"\w+ = {_OBJECT}$")
_OPERAND = re.compile(rf"E +\+ +(?:where|and) +{_OBJECT} = ")
# Go says which test goes on before what that prints, and how it ended behind it.
_GOES_ON = re.compile(r"=== (?:RUN|CONT|NAME|PAUSE) +(\S+)$|\s*--- (PASS|FAIL|SKIP): (\S+)")
_GO_LOG = re.compile(r"\s+[\w.-]+\.go:\d+: (?!.*(?i:error|warn|panic|deprecat))")
# CTest -V has the number of the test before each line that it prints, and tells how it ended below.
_CTEST = re.compile(r"(\d+): |\s*\d+/\d+ Test +#(\d+): .*(?P<passed> Passed )")
_TROUBLE = re.compile(r"(?i)error|warn|fail|panic|deprecat")
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


def label_nearly_covered(
    lines: Sequence[str], labels: list[str], asked: Callable[[str], bool]
) -> None:
    """Label the files of a long report on coverage that lack next to nothing, in place."""
    nearly = [i for i, line in enumerate(lines) if "%" in line and _NEARLY.match(line)]
    for i in nearly if len(nearly) > _FEW_COVERED else ():
        if labels[i] == SHOWN and not asked(lines[i]):
            labels[i] = "file covered to 95 % or more|files covered to 95 % or more"


def label_go_logs(lines: Sequence[str], labels: list[str]) -> None:
    """Label what passing Go tests log, in place."""
    found = [_GOES_ON.match(line) if "=== " in line or "--- " in line else None for line in lines]
    passed = {match[3] for match in found if match and match[2] == "PASS"}
    test = ""
    for i, match in enumerate(found):
        if match:
            test = match[1] or match[3]
        elif test in passed and not labels[i] and _GO_LOG.match(lines[i]):
            labels[i] = "line of passing tests|lines of passing tests"


def label_ctest_lines(lines: Sequence[str], labels: list[str]) -> None:
    """Label what passing tests of CTest print, in place."""
    found = [_CTEST.match(line) if " " in line[:12] else None for line in lines]
    passed = {match[2] for match in found if match and match["passed"]}
    for i, match in enumerate(found if passed else ()):
        if match and match[1] in passed and not labels[i] and not _TROUBLE.search(lines[i]):
            labels[i] = "line of passing tests|lines of passing tests"
