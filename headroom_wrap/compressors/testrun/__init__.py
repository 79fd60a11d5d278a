"""Test runs: every failure and summary shown, passing tests counted where they stood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_wrap.compressors._again import label_repeats
from headroom_wrap.compressors._labels import (
    QUIET,
    SHOWN,
    count,
    folded,
    hide_blanks,
    show_wanted,
)
from headroom_wrap.compressors._steps import Steps
from headroom_wrap.compressors.build.steps import BUILD
from headroom_wrap.compressors.install.steps import INSTALL
from headroom_wrap.compressors.testrun.aside import (
    label_asides,
    label_ctest_lines,
    label_go_logs,
    label_nearly_covered,
)
from headroom_wrap.compressors.testrun.below import label_named_below
from headroom_wrap.compressors.testrun.dialects import spoken
from headroom_wrap.compressors.testrun.failures import label_failures, told
from headroom_wrap.compressors.testrun.later import label_later
from headroom_wrap.compressors.testrun.results import (
    BEGUN,
    FAILED,
    HEADING,
    PASSED,
    ROW,
    SKIPPED,
    Result,
    read,
    slow,
)
from headroom_wrap.compressors.testrun.warned import label_warnings
from headroom_wrap.detect import shape
from headroom_wrap.detect.commands import printing
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "testrun"

_SAMPLE = 8_000
_FEW_SKIPPED = 12
_MANY_UNITS = 30
_RUNNERS = re.compile(
    r"py\.?test|unittest|nose2?|jest|vitest|mocha|ava|tap|tape|playwright|cypress|karma|jasmine|ctest"
    r"|rspec|minitest|phpunit|pest|prove|bats|nextest|gotestsum|doctest|tox|nox|trial|robot|behave|busted"
)
# No dialect is trusted over these words in capitals.
_BROKEN = re.compile(r"\b(?:FAIL(?:ED|URES?)?|ERRORS?|PANIC|ABORTED|TIMEOUT)\b")
# These words of a request stand in names of passing tests by chance.
_GENERAL = re.compile(
    r"(?<![\w./:-])(?:tests?|fail\w*|errors?|pass\w*|pending|skip\w*|expected)(?![\w/:-])"
)
_FILE = re.compile(r"\.\w+$")
_STEPS = Steps((*BUILD, *INSTALL))
# A line break to begin with is found much faster than the beginning of a line.
_SUMMARY = re.compile(
    r"\n(?:\d+ (?:passed|failed|skipped|errors?)\b.* in [\d.]+s|"
    r"={3,} .*\b(?:passed|failed|error|no tests ran)\b.* in [\d.]+|Ran \d+ tests? in |"
    r"={3,} (?:FAILURES|ERRORS) ={3,}|\d+ runs, \d+ assertions|\d+ specs?, \d+ failures?|"
    r"Tests: \d+, Assertions: |TAP version 1\d|  Total: +\d+\n  Passed: |"
    r"  \d+ (?:passed|failed)(?: \([\d.]+m?s\))?$|\d+ scenarios? passed, |"
    r"test result: (?:ok|FAILED)|Tests?:? +\d+ (?:passed|failed)|[^\S\n]+\d+ passing|"
    r"\d+ examples?, |(?:\[\w+\] +)?Tests run: \d+, Failures|\d+% tests passed|"
    r"# (?:tests|pass) \d+|ℹ tests \d+|(?:ok|FAIL)\s+\t|--- (?:PASS|FAIL): |\[=+\] |"
    r"=+ test session starts|running \d+ tests?$|OK \(\d+ tests?| +Tests +\d+ (?:passed|failed)|"
    r"\d+ passed(?: and \d+ failed)?\.$|(?:Passed|Failed)! +- |[^\S\n]*Test Suites: )",
    re.MULTILINE,
)


def score(text: str, origin: Origin) -> float:
    """A runner's summary is unmistakable; lines of results need the command to agree."""
    called = any(
        _RUNNERS.fullmatch(p.name) or p.verb == "test" or "test" in p.args[:2]
        for p in printing(origin.command)
    )
    ends = (text[:_SAMPLE], text[-_SAMPLE:]) if len(text) > _SAMPLE else (text,)
    if any(_SUMMARY.search(f"\n{end}") for end in ends):
        return 1.0 if called else 0.85
    lines = shape.sample(text)
    dialects = spoken("\n".join(lines))
    found = sum(1 for r in read(lines, dialects) if r) / len(lines) if lines and dialects else 0.0
    return 0.7 if found > 0.3 and called else min(0.5, found)


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """Fold what passed; nothing at `exact`."""
    if not ask.level.folds:
        return None
    lines = text.split("\n")
    results = read(lines, spoken(text))
    asked = wanted(_GENERAL.sub(" ", f"{ask.query}\n{_chosen(origin.command)}"), lines)
    labels = [_label(line, result) for line, result in zip(lines, results, strict=True)]
    for i in slow(results):
        labels[i] = SHOWN
    _thin(labels, results)
    _name_rows(labels, results)
    label_failures(lines, labels, asked)
    label_named_below(lines, labels, results)
    label_later(text, lines, labels, asked)
    label_warnings(lines, labels)
    label_asides(lines, labels)
    if "%" in text:
        label_nearly_covered(lines, labels, asked)
    label_go_logs(lines, labels)
    label_ctest_lines(lines, labels)
    _label_steps(lines, labels, results)
    show_wanted(lines, labels, asked)
    _show_headings(lines, labels, results)
    label_repeats(lines, labels, told(lines).__contains__)
    hide_blanks(lines, labels)
    return folded(lines, labels, NAME, lambda start, end: _note(results, labels, start, end))


def _chosen(command: str) -> str:
    """The command without the files that are run: of those everything is printed, and counted."""
    return " ".join(word for word in command.split() if "::" in word or not _FILE.search(word))


def _label(line: str, result: Result | None) -> str:
    if result is None or result.kind in (FAILED, ROW) or _BROKEN.search(line):
        return SHOWN
    return QUIET if result.kind in (BEGUN, HEADING) else result.kind


def _label_steps(lines: list[str], labels: list[str], results: Sequence[Result | None]) -> None:
    """Building and fetching before the first result, in place."""
    first = next((i for i, result in enumerate(results) if result), 0)
    for i in range(len(lines)):
        if not labels[i] and lines[i].strip() and (i < first or lines[i].startswith("[INFO] ")):
            labels[i] = _STEPS.read(lines[i])[0]


def _thin(labels: list[str], results: Sequence[Result | None]) -> None:
    """A few skipped tests are news and are shown; many are only counted."""
    skipped = [i for i, label in enumerate(labels) if label == SKIPPED]
    if len(skipped) <= _FEW_SKIPPED:
        for i in skipped:
            labels[i] = SHOWN


def _name_rows(labels: list[str], results: Sequence[Result | None]) -> None:
    """Show the row that names the file of a row with failures, in place."""
    named, unit = -1, ""
    for i, result in enumerate(results):
        if result is None or not result.dots:
            continue
        if named < 0 or result.unit != unit:
            named, unit = i, result.unit
        if result.kind == ROW:
            labels[named] = SHOWN


def _show_headings(
    lines: Sequence[str], labels: list[str], results: Sequence[Result | None]
) -> None:
    """Show the headings over every shown result, and the outermost ones, in place."""
    above: list[tuple[int, int]] = []
    for i, (line, result) in enumerate(zip(lines, results, strict=True)):
        if not line.strip():
            continue
        if result is None:
            continue
        margin = len(line) - len(line.lstrip())
        while above and above[-1][0] >= margin:
            above.pop()
        if result.kind == HEADING:
            above.append((margin, i))
            if len(above) == 1:
                labels[i] = SHOWN
        elif labels[i] == SHOWN:
            for _, heading in above:
                labels[heading] = SHOWN


def _note(results: Sequence[Result | None], labels: Sequence[str], start: int, end: int) -> str:
    """ "31 passed in a.py, 4 passed in b.py, 2 skipped, 12 library frames"."""
    passed: dict[str, int] = {}
    skipped = 0
    rest = list(labels[start:end])
    for i in range(start, end):
        result = results[i]
        if result is None or labels[i] not in (PASSED, SKIPPED):
            continue
        rest[i - start] = QUIET
        skipped += max(0, result.dots - result.tests) + (result.kind == SKIPPED) + result.skipped
        if result.kind == PASSED:
            passed[result.unit] = passed.get(result.unit, 0) + result.tests
    words = _passed(passed)
    if skipped:
        words.append(f"{skipped} skipped")
    begun = sum(1 for i in range(start, end) if (r := results[i]) and r.kind == BEGUN)
    if not words and begun and all(label == QUIET for label in rest):
        return f"{begun} begun"
    if not words or any(label != QUIET for label in rest):
        words.append(count(rest, 0, len(rest)))
    return ", ".join(words)


def _passed(units: dict[str, int]) -> list[str]:
    total = sum(units.values())
    named = {unit: n for unit, n in units.items() if unit and not set("[]\n") & set(unit)}
    if not total:
        return []
    if len(named) < len(units):
        return [f"{total} passed"]
    words = [
        f"{n} passed in {unit}" if i == 0 else f"{n} in {unit}"
        for i, (unit, n) in enumerate(named.items())
        if i < _MANY_UNITS
    ]
    left = list(named.values())[_MANY_UNITS:]
    return [*words, f"{sum(left)} in {len(left)} more files"] if left else words
