"""Each line of a test run read as a result, a heading over results, or something to show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from headroom_wrap.compressors.testrun.dialects import Dialect

PASSED, SKIPPED, FAILED, BEGUN = "passed", "skipped", "failed", "begun"
# A row of dots with a failure in it, and a line over deeper results.
ROW, HEADING = "row", "heading"

_TIME = re.compile(r"(?:^|[\[( ])(\d+(?:\.\d+)?) ?(ms|s|sec|seconds|m|min)[\])]?\W*$")
_REPORTS = re.compile(r"={3,} (?:FAILURES|ERRORS|warnings summary)\b.* ={3,}$")
_DOCUMENTED = re.compile(r"(?:Failures|Pending): ?(?:\(.*\))?$|Finished in [\d.]+ ")
_EXAMPLES = re.compile(r"\d+ examples?, \d+ failures?")
_MARKED = re.compile(r" \((FAILED|PENDING)\b[^()]*\)$")
_SCENARIOS = re.compile(r"\d+ scenarios? passed, \d+ failed")
_SCENARIO = re.compile(r" +(?:@\S+ )*Scenario(?: Outline)?: ")
_STEP = re.compile(r" +(?:Given|When|Then|And|But|\*) .* # \S+:\d+( [\d.]+s)?$|\s*[|@]")
_MOST_DETAILS = 40
_SECONDS = {"ms": 0.001, "s": 1, "sec": 1, "seconds": 1, "m": 60, "min": 60}


@dataclass(frozen=True, slots=True)
class Result:
    """What one line says; `tests` is how many tests it speaks of."""

    kind: str
    unit: str = ""
    tests: int = 1
    dots: int = 0
    seconds: float = 0.0
    skipped: int = 0


def read(lines: Sequence[str], dialects: Sequence[Dialect]) -> list[Result | None]:
    """The result on each line, None where there is none."""
    found = [_result(line, dialects) for line in lines]
    _carry_units(found)
    _close_plan(lines, found)
    _quiet_details(lines, found)
    _quiet_examples(lines, found)
    _quiet_names(lines, found)
    _mark_documented(lines, found)
    _mark_scenarios(lines, found)
    if any(dialect.tree for dialect in dialects):
        _mark_headings(lines, found)
    return found


def _result(line: str, dialects: Sequence[Dialect]) -> Result | None:
    if not line.strip():
        return None
    for dialect in dialects:
        match = dialect.line.match(line)
        if match is None:
            continue
        kind = match.lastgroup or ""
        groups = match.groupdict()
        if kind not in (PASSED, ROW):
            return Result(kind)
        dots = groups.get("dots") or groups.get("dots2")
        unit = groups.get("unit") or groups.get("unit2") or ""
        if dots:
            return Result(kind, unit, dots.count("."), len(dots))
        time = _TIME.search(line[-40:])
        seconds = float(time[1]) * _SECONDS[time[2]] if time else 0.0
        skipped = int(groups.get("less") or 0)
        tests = max(0, int(groups.get("many") or 1) - skipped)
        return Result(PASSED, unit, tests, seconds=seconds, skipped=skipped)
    return None


def _close_plan(lines: Sequence[str], found: list[Result | None]) -> None:
    """Below the first title of pytest's reports no test begins any more, in place."""
    reports = next((i for i, line in enumerate(lines) if _REPORTS.match(line)), len(lines))
    for i in range(reports, len(lines)):
        result = found[i]
        if result and result.kind == BEGUN:
            found[i] = None


def _quiet_details(lines: Sequence[str], found: list[Result | None]) -> None:
    """TAP explains a result in lines between `---` and `...`; a suite is no test, in place."""
    for i, result in enumerate(found):
        if result is None or result.kind not in (PASSED, SKIPPED) or i + 1 >= len(lines):
            continue
        if lines[i + 1].strip() != "---":
            continue
        end = i + 2
        while end < min(len(lines), i + _MOST_DETAILS) and lines[end].strip() != "...":
            end += 1
        if end < len(lines) and lines[end].strip() == "...":
            found[i + 1 : end + 1] = [Result(BEGUN)] * (end - i)
            if any(line.strip() == "type: 'suite'" for line in lines[i + 2 : end]):
                found[i] = Result(BEGUN)


def _quiet_examples(lines: Sequence[str], found: list[Result | None]) -> None:
    """doctest tells each example and what it expects in front of the verdict, in place."""
    start = -1
    for i, line in enumerate(lines):
        if line == "Trying:" and found[i]:
            start = i
        elif start >= 0 and line[:1] not in ("", " ") and not line.startswith("Expecting"):
            inside = Result(BEGUN) if line == "ok" else None
            found[start:i] = [inside] * (i - start)
            start = -1


def _quiet_names(lines: Sequence[str], found: list[Result | None]) -> None:
    """TAP's comment with the name of a test stands in front of its result, in place."""
    for i, line in enumerate(lines[:-1]):
        below = found[i + 1] if line[:2] == "# " and lines[i + 1][:3] == "ok " else None
        if found[i] is None and below and below.kind == PASSED:
            found[i] = Result(BEGUN)


def _mark_documented(lines: Sequence[str], found: list[Result | None]) -> None:
    """RSpec's documentation marks only what did not pass: the innermost other lines did."""
    end = next((i for i, line in enumerate(lines) if _DOCUMENTED.match(line)), 0)
    if not end or not any(map(_EXAMPLES.match, lines[end:])) or any(found[:end]):
        return
    below = 0
    for i in range(end - 1, -1, -1):
        margin = len(lines[i]) - len(lines[i].lstrip())
        if not lines[i].strip():
            below = 0
        elif below > margin:
            found[i], below = Result(HEADING), margin
        elif margin:
            what = _MARKED.search(lines[i])
            failed = Result(FAILED if what and what[1] == "FAILED" else SKIPPED)
            found[i], below = failed if what else Result(PASSED), margin


def _mark_scenarios(lines: Sequence[str], found: list[Result | None]) -> None:
    """behave marks only the scenarios that broke: of the others each has passed, in place."""
    if not any(map(_SCENARIOS.match, lines[-_MOST_DETAILS:])):
        return
    starts = [i for i, line in enumerate(lines) if _SCENARIO.match(line)]
    for start in starts:
        end = next((i for i in range(start, len(lines)) if not lines[i].strip()), len(lines))
        steps = lines[start + 1 : end]
        if steps and all(map(_STEP.match, steps)):
            found[start:end] = [Result(PASSED), *[Result(BEGUN)] * len(steps)]


def _carry_units(found: list[Result | None]) -> None:
    """Rows of dots belong to the file that an earlier row names, in place."""
    unit = ""
    for i, result in enumerate(found):
        if result is None or result.kind not in (PASSED, ROW):
            continue
        if result.dots and not result.unit:
            found[i] = replace(result, unit=unit)
        unit = result.unit or unit


def _mark_headings(lines: Sequence[str], found: list[Result | None]) -> None:
    """Lines directly over deeper results or headings become headings, in place."""
    below = 0
    leads = False
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        if not line.strip():
            leads = False
            continue
        margin = len(line) - len(line.lstrip())
        result = found[i]
        if leads and below > margin and (result is None or result.kind in (PASSED, BEGUN)):
            found[i] = result = Result(HEADING)
        below, leads = margin, result is not None


def slow(results: Sequence[Result | None]) -> set[int]:
    """The few passed tests whose times stand out."""
    timed = [(r.seconds, i) for i, r in enumerate(results) if r and r.kind == PASSED and r.seconds]
    if len(timed) < 4:
        return set()
    ordered = sorted(timed)
    usual = ordered[len(ordered) // 2][0]
    return {i for seconds, i in ordered[-3:] if seconds >= max(0.2, 5 * usual)}
