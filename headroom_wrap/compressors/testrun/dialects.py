"""How test runners print one test: which line says passed, skipped, failed or only begun."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """`sign` is found in every output of the runner, behind the line break of the line before: that
    is found much faster than the beginning of a line. `line` tells its lines apart by group.

    Groups: `passed`, `skipped`, `failed`, `begun` (adds nothing to the verdict that follows), `row`
    (dots with a failure among them) and inside them `unit` (the file or suite), `many` (tests
    counted by one line), `less` (those of them that were skipped), `dots`.
    `tree`: results are indented under the headings they belong to.
    """

    sign: re.Pattern[str]
    line: re.Pattern[str]
    tree: bool = False


def _dialect(sign: str, line: str, tree: bool = False) -> Dialect:
    return Dialect(re.compile(sign, re.MULTILINE), re.compile(line, re.VERBOSE), tree)


_SAMPLE = 12_000
_PERCENT = r"\s*(?:\[\ *\d+%\])?\s*$"

DIALECTS = (
    # pytest -v, alone and under xdist (which names each test when it starts, too)
    _dialect(
        r"::.* (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL)\b|\] (?:PASSED|FAILED) \S+::",
        rf"""(?P<passed>(?P<unit>[^:\s][^:]*)::.*\ PASSED(?:\ +\(.*\))?{_PERCENT}
        |\[gw\d+\]\ \[\ *\d+%\]\ PASSED\ (?P<unit2>[^:]+)::.*)
        |(?P<skipped>[^:\s][^:]*::.*\ (?:SKIPPED|XFAIL)(?:\ +\(.*\)?)?{_PERCENT}
        |\[gw\d+\]\ \[\ *\d+%\]\ (?:SKIPPED|XFAIL)\ .*)""",
    ),
    _dialect(r"\n\S+\.py::\S+ \n", r"(?P<begun>[\w./\\-]+\.py::\S+\ $)"),
    _dialect(
        r"\n\[gw\d+\] \[",
        r"(?P<begun>(?!.*\ (?:FAILED|ERROR|PASSED|XPASS)\b)[\w./\\-]+\.py::\S.*$)",
    ),
    # pytest -rA: once more below
    _dialect(
        r"\nPASSED \S+::",
        r"(?P<passed>PASSED\ (?P<unit>[^:\s]+)::.*)",
    ),
    # pytest, other dotted progress: rspec, unittest, phpunit, mocha dot, minitest
    _dialect(
        r"\n(?:\S+\.py +)?[.sxFEXRpPNISUW*,-]{1,400}(?: +\[ *\d+%\]|  +\d+ / \d+ \( *\d+%\))?\s*$",
        r"""(?P<passed>(?:(?P<unit>\S+\.py)\ +)?(?P<dots>(?=[sxpPNIS*,-]*\.)[.sxpPNIS*,-]+)
        (?:\ +\[\ *\d+%\]|\ \ +\d+\ /\ \d+\ \(\ *\d+%\))?\s*)$
        |(?P<row>(?:(?P<unit2>\S+\.py)\ +)?(?P<dots2>[.sxFEXRpPNISUW*,-]+)
        (?:\ +\[\ *\d+%\]|\ \ +\d+\ /\ \d+\ \(\ *\d+%\)|(?<=[.sxFEX*]{16}))\s*)$""",
    ),
    # unittest -v, Django; deno; Bazel-like
    _dialect(
        r" \.\.\. (?:ok|FAIL|ERROR|skipped\b)",
        r"""(?P<passed>.*\ \.\.\.\ ok(?:\ \([\d.]+m?s\))?\s*$)
        |(?P<skipped>.*\ \.\.\.\ (?:skipped|expected\ failure|ignored)\b.*$)
        |(?P<begun>\w+\ \((?:[\w.]+)\)\s*$)""",
    ),
    # minitest -v, PHPUnit --debug, uvu
    _dialect(
        r"\n\S+#\S+ = [\d.]+ s = ",
        r"""(?P<passed>(?P<unit>[\w:]+)\#\S.*\ =\ [\d.]+\ s\ =\ \.\s*$)
        |(?P<skipped>[\w:]+\#\S.*\ =\ [\d.]+\ s\ =\ S\s*$)""",
    ),
    _dialect(
        r"\nTest '.*' (?:started|ended)$|\nTest Prepar(?:ed|ation Started) \(",
        r"""(?P<passed>Test\ Passed\ \(.*\)$)
        |(?P<begun>Test\ '.*'\ (?:started|ended)$
        |Test\ (?:Preparation\ Started|Prepared|Finished)\ \(.*\)$)""",
    ),
    _dialect(
        r"  • .*\(\d+ / \d+\)$", r"(?P<passed>\ \S.*\ \ (?:•\ )+\ +\((?P<many>\d+)\ /\ \d+\)$)"
    ),
    # doctest -v
    _dialect(
        r"^Trying:$",
        r"""(?P<passed>ok$|\ +(?P<many>\d+)\ tests?\ in\ \S+$)
        |(?P<begun>Trying:$|Expecting(?::|\ nothing)$)""",
    ),
    # cargo test, nextest
    _dialect(
        r"\ntest .* \.\.\. ok$|\n[ \t]+PASS \[",
        r"""(?P<passed>test\ .*\ \.\.\.\ ok(?:\ <.*>)?\s*$|\s+PASS\ \[\s*[\d.]+s\]\ .*)
        |(?P<skipped>test\ .*\ \.\.\.\ ignored.*$|\s+SKIP\ \[.*)""",
    ),
    # go test -v
    _dialect(
        r"\n[ \t]*--- (?:PASS|FAIL|SKIP): ",
        r"""(?P<passed>\s*---\ PASS:\ .*)|(?P<skipped>\s*---\ SKIP:\ .*)
        |(?P<begun>===\ (?:RUN|PAUSE|CONT|NAME)\s+.*|PASS\s*$)""",
    ),
    # go test of many packages
    _dialect(
        r"\nok +\t\S+\t",
        r"""(?P<passed>ok\s+\t(?:\S+)\t(?:[\d.]+s|\(cached\)).*)
        |(?P<skipped>\?\s+\t\S+\t\[no\ test\ files\]|\t\S+\t\tcoverage:\ 0\.0%.*)""",
    ),
    # go test -json
    _dialect(
        r"\n\{.*\"Action\":\"(?:run|output|pass)\"",
        r"""(?P<passed>\{.*"Action":"pass".*"Test":".*\})
        |(?P<skipped>\{.*"Action":"skip".*\})
        |(?P<begun>\{.*"Action":"(?:start|run|pause|cont)".*\}
        |\{.*"Output":"(?:===\ (?:RUN|PAUSE|CONT|NAME)\ |\ *---\ PASS:\ |PASS\\n).*\})""",
    ),
    # mocha, jest, vitest, node --test, bun, ava, playwright, dart, tape reporters
    _dialect(
        r"\n[ \t]*(?:\(pass\) |[✔✓√✕✖×✗✘❯●] {0,4}|PASS |FAIL )\S",
        r"""(?P<passed>\s*(?:✔|✓|√|\(pass\))\ .*?
        (?:\((?P<many>\d+)\ tests?(?:\ \|\ (?P<less>\d+)\ skipped)?\b.*)?$
        |PASS\s+(?:\S+\s+)?\S+\.\w+(?:\ \([\d.]+\ m?s\))?\s*$)
        |(?P<failed>\s*(?:✕|✖|×|✗|✘|❯|\(fail\)|\d+\))\ .*)
        |(?P<skipped>\s*(?:-|○|↓|◯|﹣|»|\(skip\)|\(todo\))\ \S.*)
        |(?P<begun>▶\ .*)""",
        tree=True,
    ),
    # playwright where it writes to no terminal
    _dialect(
        r"\n\[\d+/\d+\] (?:\[\w+\] › )?\S+:\d+:\d+ › ",
        r"(?P<begun>\[\d+/\d+\]\ (?:\[\w+\]\ ›\ )?\S+:\d+:\d+\ ›\ .*$)",
    ),
    # TAP: prove -v, node --test, bats, tape
    _dialect(
        r"\n[ \t]*(?:not )?ok \d+\b",
        r"""(?P<skipped>\s*ok\ \d+.*\#\ (?:skip|todo)\b.*)
        |(?P<passed>\s*ok\ \d+\b.*)|(?P<failed>\s*not\ ok\ \d+.*)
        |(?P<begun>\s*\#\ Subtest:\ .*|\s*\d+\.\.\d+\s*$)""",
    ),
    # prove
    _dialect(r"\n\S+\.t \.{2,} ", r"(?P<passed>\S+\.t\ \.{2,}\ ok(?:\ +\d+\ ms.*)?\s*$)"),
    # JUnit through Maven
    _dialect(
        r"Tests run: \d+, Failures: \d+",
        r"""(?P<passed>(?:\[INFO\]\ )?Tests\ run:\ (?P<many>\d+),\ Failures:\ 0,\ Errors:\ 0,
        \ Skipped:\ 0,\ Time\ elapsed:.*)
        |(?P<begun>(?:\[INFO\]\ )?Running\ \S+\s*$)""",
    ),
    # Gradle, dotnet test, XCTest, GoogleTest, CTest, Robot Framework, JUnit console
    _dialect(
        r" (?:PASSED|FAILED|SKIPPED)\s*$",
        r"""(?P<passed>(?!=)(?P<unit>\S.*?)\ >\ .*\ PASSED(?:\ \([\d.]+\ ?m?s\))?\s*$)
        |(?P<skipped>(?!=)\S.*\ >\ .*\ SKIPPED\s*$)""",
    ),
    _dialect(
        r"\n[ \t]+(?:Passed|Failed|Skipped) \S+",
        r"(?P<passed>\s+Passed\ \S.*(?:\[.*m?s\])\s*$)|(?P<skipped>\s+Skipped\ \S.*)",
    ),
    _dialect(
        r"\n\[ +OK +\] ",
        r"""(?P<passed>\[\ +OK\ +\]\ (?P<unit>[^.\s]+)\..*)|(?P<skipped>\[\ +SKIPPED\ +\]\ .*ms\))
        |(?P<begun>\[\ RUN\ +\]\ .*|\[-{10}\]\ .*)""",
    ),
    _dialect(
        r"\n *\d+/\d+ Test +#\d+:",
        r"""(?P<passed>\ *\d+/\d+\ Test\ +\#\d+:.*\ Passed\ .*)
        |(?P<begun>\ *Start\ +\d+:\ .*|test\ \d+$
        |\d+:\ (?:Test\ command|Working\ Directory|Test\ timeout\ computed|Environment\ var).*)""",
    ),
    _dialect(
        r"\nTest Case '",
        r"""(?P<passed>Test\ Case\ '.*'\ passed\ .*)|(?P<begun>Test\ Case\ '.*'\ started.*)""",
    ),
    _dialect(r"\| PASS \|$", r"(?P<passed>.*\S\s+\|\ PASS\ \|\s*$)|(?P<begun>-{60,}$)"),
    _dialect(
        r"(?:\[OK\]|✔)$",
        r"(?P<passed>[\s|│├└─+'-]+\ .*(?:\[OK\]|✔)(?:\ [\d.]+\ ?m?s)?\s*$)",
    ),
)


def spoken(text: str) -> list[Dialect]:
    """The dialects that the beginning, the middle or the end of the text has signs of."""
    middle = max(0, len(text) // 2 - _SAMPLE // 2)
    starts = sorted({0, middle, max(0, len(text) - _SAMPLE)}) if len(text) > 3 * _SAMPLE else [0]
    width = _SAMPLE if len(starts) > 1 else len(text)
    # From a line's beginning on: signs look for one.
    parts = ["\n" + text[text.rfind("\n", 0, at) + 1 : at + width] for at in starts]
    return [dialect for dialect in DIALECTS if any(map(dialect.sign.search, parts))]
