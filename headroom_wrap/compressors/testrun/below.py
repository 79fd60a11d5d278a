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
    for i in range(told[0]):
        result = results[i]
        if result and result.kind == ROW and result.dots:
            labels[i] = _ROW
        elif named and labels[i] == SHOWN and (found := _VERDICT.match(lines[i])):
            test = found["test"] or found["test2"] or found["test3"]
            labels[i] = _TEST if test.strip() in named else SHOWN
