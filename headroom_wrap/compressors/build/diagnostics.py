"""Diagnostics of compilers and linters: where each begins and ends, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PATH = r"(?P<path>(?:[A-Za-z]:)?[^\s:(\[][^:(\n]{0,300}?)"
_HEADS = tuple(
    re.compile(shape, re.VERBOSE)
    for shape in (
        # gcc, clang, javac, go vet, mypy, eslint -f unix, tsc --pretty, pyright
        rf"""(?:\[(?:ERROR|WARNING)\]\ |\ \ (?=\S+\ -\ ))?{_PATH}(?P<place>:\d+(?::\d+)?)
        (?::|\ -)\ +
        (?P<severity>fatal\ error|error|warning|remark|info|style|performance|portability)
        (?:\ (?P<code>[A-Z]+\d+))?:?\ (?P<message>.+)$""",
        # shellcheck; other notes belong to what stands above them
        rf"""{_PATH}(?P<place>:\d+:\d+):\ (?P<severity>note):\ (?P<message>.+\[SC\d+\])$""",
        # eslint -f unix
        rf"""{_PATH}(?P<place>:\d+:\d+):\ (?P<message>.+)
        \ \[(?P<severity>Error|Warning)(?:/(?P<code>[@\w/-]+))?\]$""",
        # standard, golangci-lint: the name of the rule behind
        rf"""\ *{_PATH}(?P<place>:\d+:\d+):\ (?P<message>\S.*)\ \((?P<code>[@a-z][\w/-]*)\)$""",
        # vulture
        rf"""{_PATH}(?P<place>:\d+):\ (?P<message>\S.*)\ \(\d+%\ confidence(?:,\ .+)?\)$""",
        # stylelint: the file stands above, and a sign says how bad it is
        r"""(?P<path>)\ +(?P<place>\d+:\d+)\ +[✖⚠×✘]\ +
        (?P<message>(?!error|warning)\S.*?)\ {2,}(?P<code>[@\w/-]+)$""",
        # eslint: the file stands above, the name of the rule behind
        r"""(?P<path>)\ +(?P<place>\d+:\d+)\ +(?:[✖⚠×]\ +)?(?P<severity>error|warning)\ +
        (?P<message>\S.*?)(?:\ {2,}(?P<code>[@\w/-]+))?$""",
        # tsc, MSVC, .NET
        rf"""\ *{_PATH}(?P<place>\(\d+(?:,\d+){{0,3}}\))\ ?:
        \ (?P<severity>fatal\ error|error|warning)\ (?P<code>[\w-]+):\ (?P<message>.+)$""",
        # Maven
        rf"""\[(?P<severity>ERROR|WARNING)\]\ {_PATH}(?P<place>:\[\d+,\d+\])\ (?P<message>.+)$""",
        # ruff, flake8, pylint: a code, and no word for how bad it is
        rf"""{_PATH}(?P<place>:\d+(?::\d+)?):?\ (?P<code>[A-Z]{{1,6}}\d{{3,5}}):?
        \ (?P<message>.+)$""",
        # rustc, ruff's long form: their places stand below
        r"(?P<code>[A-Z]{1,6}\d{3,5})\ (?:\[\*\]\ )?(?P<message>.+)$",
        r"(?P<severity>error|warning)(?:\[(?P<code>\w+)\])?:\ (?P<message>.+)$",
    )
)
# Package managers name no place.
_PLACELESS = re.compile(r"(?:npm )?(?:WARNING|WARN|warn|warning)(?:: | )(?P<message>.*['‘`\"].+)$")
# Found word by word sooner than by one pattern.
_SAID = (
    *("error", "warning", "remark", "info", "ERROR", "WARN", "warn "),
    *(": style: ", ": performance: ", ": portability: ", "[SC", "[Error", "[Warning"),
)
# What stands behind a place tells it: the name of a rule, how sure one is, a sign.
_CLOSED = re.compile(r":\d+(?::\d+)?: .*\)$|:\d+ +[✖⚠×✘] ")
# standard and pyright set a finding under its file.
_INDENTED = re.compile(r" {2}\S+:\d+:\d+(?: -|:) ")
_CODE = re.compile(r"[A-Z]{1,6}\d{3,5}:? ")
_PLACED = re.compile(rf":\d+:? {_CODE.pattern}")
_BROKEN = re.compile(r"E9\d\d|[EF]\d{4}")
_ARROW = re.compile(r" +--> (?P<path>\S.*?)(?P<place>:\d+:\d+)$")
_NOTE = re.compile(r"(?!.*\[SC\d+\]$)(?:[^\s:][^:\n]*:\d+(?::\d+)?: note: |[^\s:][^:\n]*: note: )")
_ABOVE = re.compile(
    r"In file included from |  +from \S+:\d+|[^\s:][^:\n]*: (?:In |At (?:top level|global scope))"
)
# webpack: what is said stands below where.
_BUNDLED = re.compile(
    r"(?P<severity>ERROR|WARNING) in (?P<path>\S+?)(?P<place>(?: \d+:\d+(?:-\d+)?(?::\d+)?)?)$"
)
_BUNDLER = re.compile(r"Module [a-z ]+(?: \(from \S+\))?: (?P<message>.+)$")
_BUNDLE_END = re.compile(r"(?:ERROR|WARNING) in |webpack \d|\d+ (?:errors?|warnings?) ha")
# pydocstyle: below the place and the name; shellcheck: below the place and the line.
_DOCUMENTS = re.compile(r"(?P<path>\S[^:\n]*)(?P<place>:\d+) (?:in|at) .*:$")
_DOCUMENTED = re.compile(r" {8}(?P<code>D\d{3}): (?P<message>.+)$")
_SHELLS = re.compile(r"In (?P<path>\S.*?) line (?P<place>\d+):$")
_SHELL = re.compile(
    r" *\^-*\^? (?P<code>SC\d+) \((?P<severity>error|warning|info|style)\): (?P<message>.+)$"
)
_ISSUE = re.compile(r">> Issue: \[(?P<code>B\d{3}):\w+\] (?P<message>.+)$")
_BAD = re.compile(r"^ +Severity: (\w+)", re.MULTILINE)
_LOCATION = re.compile(r"^ +Location: (?P<path>\S[^:\n]*)(?P<place>:\d+:\d+)$", re.MULTILINE)
_DASHES = re.compile(r"-{20,}")
_FLAG = re.compile(r"\s+\[(?P<code>-W[\w=+-]+|[a-z][\w-]+|clippy::\w+)\]$")
_PROJECT = re.compile(r"\s+\[\S+\.(?:cs|vcx|fs|vb)proj[^\]]*\]$")
_QUOTED = re.compile(
    r"‘([^’\n]{1,400})’|“([^”\n]{1,400})”|`([^`'\n]{1,400})[`']|(?<!\w)'([^'\n]{1,400})'|\"([^\"\n]{1,400})\""
)
_NUMBER = re.compile(r"(?<![\w.#-])\d+(?:\.\d+)?(?![\w.#]\w)")
NUMBERED = re.compile(r"[A-Z]+\d+$")
_CARET = re.compile(r"[ \t|\d]*[\^~][\^~\-\s]*$")
_EXCERPT = re.compile(r"\s*(?:\d+ *)?\||\s*[\^~]|\s*\d+ +\S")
_LABEL = re.compile(r" *\|[ |]*[\^~_-]+ (\S.*)$")
_SYMBOL = re.compile(r"\s+symbol: +(\S.*)$")
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Lines [start, end); the line `head` says what and where.

    `facts` are the words that make this one differ from others of its `template`; `detail` are
    the explaining lines below it that are neither source text nor marks.
    """

    start: int
    head: int
    end: int
    severity: str
    code: str
    message: str
    template: str
    path: str
    place: str
    facts: tuple[str, ...]
    detail: tuple[str, ...]


def diagnostics(lines: Sequence[str]) -> Iterator[Diagnostic]:
    """The diagnostics in order."""
    at = 0
    floor = 0
    while at < len(lines):
        found = _head(lines, at)
        if found is None:
            at += 1
            continue
        start = at
        while start > floor and _ABOVE.match(lines[start - 1]):
            start -= 1
        above = found.pop("above", "")
        if found.pop("bundled", ""):
            start, end = at - 1, _bundle_end(lines, at + 1)
        elif above:
            start = next(i for i in range(at, -1, -1) if lines[i] == above)
            end = _block_end(lines, at)
        else:
            end = _end(lines, at) if found["path"] else at + 1
        yield _read(lines, start, at, end, found)
        at = floor = end


def _head(lines: Sequence[str], at: int) -> dict[str, str] | None:
    line = lines[at]
    if at and (line.startswith(("Module ", "    ", ">> Issue: ")) or "^" in line[:60]):
        found = _below(lines, at)
        if found:
            return found
    if len(line) > 4_000 or not _is_candidate(line):
        return None
    for shape in _HEADS:
        match = shape.match(line)
        if match is None:
            continue
        found = {key: value or "" for key, value in match.groupdict().items()}
        if "path" in found:
            return found
        for below in lines[at + 1 : at + 3]:
            arrow = _ARROW.match(below)
            if arrow:
                return found | arrow.groupdict()
    warning = _PLACELESS.match(line)
    if warning:
        return {"severity": "warning", "path": "", "place": "", "message": warning["message"]}
    return None


def _below(lines: Sequence[str], at: int) -> dict[str, str] | None:
    """What is said below the line, or the lines, that tell where."""
    line = lines[at]
    if line.startswith("Module "):
        return _bundled(lines[at - 1], line)
    if line.startswith(">> Issue"):
        return _audited(lines, at)
    said, place = _DOCUMENTED.match(line), _DOCUMENTS.match(lines[at - 1])
    if not said:
        said = _SHELL.match(line)
        place = next(filter(None, map(_SHELLS.match, lines[max(0, at - 3) : at])), None)
    if not said or not place:
        return None
    return {"severity": "", **place.groupdict(), **said.groupdict(), "above": place.string}


def _audited(lines: Sequence[str], at: int) -> dict[str, str] | None:
    """What bandit says over how bad it is and where."""
    said = _ISSUE.match(lines[at])
    below = "\n".join(lines[at + 1 : at + 8])
    bad, place = _BAD.search(below), _LOCATION.search(below)
    if not said or not bad or not place:
        return None
    severity = "error" if bad[1] == "High" else ""
    return {**said.groupdict(), **place.groupdict(), "severity": severity, "above": lines[at]}


def _block_end(lines: Sequence[str], at: int) -> int:
    """After the line, or after all that stands below it up to a rule or an empty line."""
    if lines[at].startswith(">> Issue"):
        ends = range(at, min(len(lines), at + _DEEPEST))
        return next((i + 1 for i in ends if _DASHES.fullmatch(lines[i])), at + 1)
    end = at + 1
    while end < len(lines) and _SHELL.match(lines[at]) and lines[end].strip():
        end += 1
    return end


def _bundled(above: str, line: str) -> dict[str, str] | None:
    where, said = _BUNDLED.match(above), _BUNDLER.match(line)
    if not where or not said:
        return None
    place = f":{where['place'][1:]}" if where["place"] else ""
    return {**where.groupdict(), **said.groupdict(), "place": place, "bundled": "yes"}


def _bundle_end(lines: Sequence[str], at: int) -> int:
    """After the advice and the modules that asked for it."""
    limit = min(len(lines), at + _DEEPEST)
    end = next((i for i in range(at, limit) if _BUNDLE_END.match(lines[i])), limit)
    while end > at and not lines[end - 1].strip():
        end -= 1
    return end


def _is_candidate(line: str) -> bool:
    """A cheap look: False means that no diagnostic begins here."""
    if any(word in line for word in _SAID):
        return True
    if line[-1:] == ")" or "✖" in line[:40] or "⚠" in line[:40]:
        return _CLOSED.search(line) is not None
    return _CODE.match(line) is not None or _PLACED.search(line) is not None


def _end(lines: Sequence[str], head: int) -> int:
    """After the excerpt, the notes and the indented explanation of the head."""
    end = head + 1
    if any(_ARROW.match(line) for line in lines[end : end + 2]):
        while end < len(lines) and lines[end].strip():
            end += 1
        return end
    if end + 1 < len(lines) and _CARET.match(lines[end + 1]) and lines[end].strip():
        end += 2
    limit = min(len(lines), end + _DEEPEST)
    while end < limit and (lines[end][:1] in " \t" or _NOTE.match(lines[end])):
        blank = not lines[end].strip()
        if blank and not (end + 1 < limit and _EXCERPT.match(lines[end + 1])):
            break
        if _head_or_above(lines[end]):
            break
        end += 1
    return _pretty_end(lines, end) if " - error TS" in lines[head] else end


def _head_or_above(line: str) -> bool:
    placed = line[:1] == " " and _INDENTED.match(line)
    return bool(placed or _ABOVE.match(line)) or any(shape.match(line) for shape in _HEADS[1:2])


def _pretty_end(lines: Sequence[str], end: int) -> int:
    """`tsc --pretty` shows numbered source lines and marks between empty lines."""
    after = end
    while after < min(len(lines), end + _DEEPEST):
        line = lines[after]
        if line.strip() and not re.match(r"\d+ |\s+~|\s{4,}\S", line):
            break
        after += 1
        if line.strip():
            end = after
    return end


def _read(
    lines: Sequence[str], start: int, head: int, end: int, found: dict[str, str]
) -> Diagnostic:
    message = _PROJECT.sub("", found["message"])
    flag = _FLAG.search(message)
    code = found.get("code") or (flag["code"] if flag else "")
    message = message[: flag.start()] if flag else message
    below = lines[head + 1 : end]
    labels = [m[1] for line in below if (m := _LABEL.match(line) or _SYMBOL.match(line))]
    source = bool(below[1:]) and bool(_CARET.match(below[1]))
    detail = tuple(
        line.strip()
        for line in below[2 * source :]
        if line.strip() and not (_EXCERPT.match(line) or _NOTE.match(line) or _aside(line))
    )
    return Diagnostic(
        start,
        head,
        end,
        _severity(found.get("severity", ""), code),
        code,
        message,
        _NUMBER.sub("0", _QUOTED.sub("‘’", message)),
        found["path"],
        found["place"],
        tuple(dict.fromkeys((*_facts(message, code), *labels))),
        detail,
    )


def _facts(message: str, code: str) -> Iterator[str]:
    """What is quoted in a message, and its numbers where no code says what they are."""
    yield from map("".join, _QUOTED.findall(message))
    if not NUMBERED.match(code):
        yield from _NUMBER.findall(_QUOTED.sub("", message))


def _severity(said: str, code: str) -> str:
    if said:
        return said.lower().removeprefix("fatal ")
    return "error" if _BROKEN.fullmatch(code) else "finding"


def _aside(line: str) -> bool:
    """Lines whose facts are elsewhere: javac's symbol and place, rustc's arrow and advice."""
    words = line.strip()
    return words.startswith(("symbol:", "location:", "--> ", "= note:", "= help:", "..."))
