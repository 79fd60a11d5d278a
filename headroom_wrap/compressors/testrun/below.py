"""What a run says of its failures where it goes on, when it names each of them again below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_wrap.compressors._labels import SHOWN
from headroom_wrap.compressors.testrun.results import ROW, Result

_NAMED = re.compile(r"(?:FAILED|ERROR) (\S+)|(?:FAIL|ERROR): (\S.*)")
# The verdict on one test where it runs: pytest's, alone and under xdist, and unittest's.
_VERDICT = re.compile(
    r"(?P<test>\S+::.*?) (?:<- \S+ )?(?:FAILED|ERROR)\b.*\[ *\d+%\]$"
    r"|\[gw\d+\] \[ *\d+%\] (?:FAILED|ERROR) (?P<test2>\S+::.*?) *$"
    r"|(?P<test3>\w+ \([\w.]+\)) \.\.\. (?:FAIL|ERROR)$"
)
# Over what tells of every failure by its name.
_REPORTS = re.compile(
    r"={3,} (?:FAILURES|ERRORS|short test summary info) ={3,}$|Failures:$|Failed tests:$"
    r"|There (?:was|were) \d+ (?:failure|error)s?:$|(?:FAILED|ERROR) \S+::"
    r"|(?:FAIL|ERROR): \w+ \("
)
# How pytest titles a failure, how RSpec, Jasmine and PHPUnit number it, and node marks it.
_TITLE = re.compile(r"_{3,} .* _{3,}$|\s*\d+\) \S|✖ \S")
_DOTS = re.compile(r"[.sxFEXRpPNISUW*,-]+$")
_BROKEN = re.compile(r"[FEX]")
_ROW = "row with failures named below|rows with failures named below"
_TEST = "failure named below|failures named below"


def label_named_below(
    lines: Sequence[str], labels: list[str], results: Sequence[Result | None]
) -> None:
    """Label rows of dots and verdicts on failed tests that a later line names, in place."""
    told = [i for i, line in enumerate(lines) if line[:1] in "=FET" and _REPORTS.match(line)]
    if not told:
        return
    named = {m[1] or m[2] for i in told if (m := _NAMED.match(lines[i]))}
    rows = [i for i in range(told[0]) if (r := results[i]) and r.kind == ROW and r.dots]
    titles = sum(_TITLE.match(line) is not None for line in lines[told[0] :])
    # What the agent's own limit has cut off names nothing.
    if sum(map(_failures, (lines[i] for i in rows))) <= max(len(named), titles):
        for i in rows:
            labels[i] = _ROW
    for i in range(told[0]):
        if named and labels[i] == SHOWN and (found := _VERDICT.match(lines[i])):
            test = found["test"] or found["test2"] or found["test3"]
            labels[i] = _TEST if test.strip() in named else SHOWN


def _failures(row: str) -> int:
    """How many tests of a row of dots have failed."""
    return sum(len(_BROKEN.findall(word)) for word in row.split() if _DOTS.match(word))
