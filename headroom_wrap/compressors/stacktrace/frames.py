"""Stack frames as Python, JVM, .NET, JavaScript, Go, Rust, Ruby, PHP and native code print them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom_wrap.compressors.stacktrace.library import is_library

_FRAME = re.compile(
    r"""
    (?P<python>(?:INTERNALERROR>)?[ \t|+]*File\ "[^"]+",\ line\ \d+(?:,\ in\ .+)?$)
  | (?P<dump>\s*File\ "[^"]+",\ line\ \d+\ in\ .+$)
  | (?P<valgrind>==\d+==\ +(?:at|by)\ 0x[0-9A-F]+:\ .+$)
  | (?P<at>\s*at\ (?:
        [^\s(][^(]*\([^()\n]*\)(?:\ ~?\[[^\]]*\])?          # JVM, JavaScript
      | \S.*\)\ in\ .+:line\ \d+                            # .NET with files
      | [\w.`<>$+|\[\]]+\(.*\)                              # .NET without
      | (?:async\ )?\S+:\d+:\d+                             # JavaScript, anonymous
    )(?:\ \{)?\s*$)
  | (?P<numbered>\s*(?:\#\d+|\d+:)\ +(?:
        0x[0-9a-f]+\s.*|.+\)\ at\ \S+:\d+.*|\S+\(\d+\):\ .+|\{main\}|\[internal\ function\]:\ .+
      | \S.*\ \(\S+:\d+(?::\d+)?\)
      | \S.*\ (?:\S+:\d+|<null>)\ \(\S+\+0x[0-9a-f]+\)        # ThreadSanitizer
    )$)
  | (?P<perl>\t\S.*\ called\ at\ \S+\ line\ \d+\.?$)
  | (?P<ruby>\s*(?:\d+:\ )?(?:from\ )?[^\s:][^:\n]*:\d+:in\ [`'].+'$)
  | (?P<elixir>\s+(?:\([\w.]+\ [\w.+-]+\)\ )?\S+\.exs?:\d+:\ .+$)
  | (?P<rust>\s+\d+:\ +(?:[0-9a-fx]+\ -\ )?[\w<&_{\[].*$)
  | (?P<go>(?:\ \ )?(?:created\ by\ )?[\w./*()\[\]{}·-]+(?:\(.*\)|\ in\ goroutine\ \d+)?$)
    """,
    re.VERBOSE,
)
_RUST_PLACE = re.compile(r"\s+at \S.*:\d+(?::\d+)?$")
# The race detector sets frames further in.
_GO_PLACE = re.compile(r"(?:\t| {6})\S.*:\d+(?: \+0x[0-9a-f]+)?$")
_NOTHING = re.compile(r"$.")
# How the lines after the first go on: the place of a Rust or Go frame must be there or may be.
_PLACE = {"rust": _RUST_PLACE, "numbered": _RUST_PLACE, "go": _GO_PLACE}
_VARYING = re.compile(r"0x[0-9a-f]+|(?<=#)\d+ *|^\s*\d+:|::h[0-9a-f]{16}|@[0-9a-f]{5,}")
# As gdb prints them: what was called with which arguments, and below the local variables.
_GDB = re.compile(r"(#\d+ +(?:0x[0-9a-f]+ in )?[^\s(]+ )\(.*\)(?= at \S+:\d+$)")
_LOCAL = re.compile(r" {8,}\S|No locals\.$|No symbol table info available\.$")
ANYHOW = "(…)"
_WIDEST = 4_000
# One look for each: a line break to begin with is found much faster than the beginning of a line.
_QUICK = (
    re.compile(
        r"\n(?:==\d+==|INTERNALERROR>)?[ \t|+]*(?:File \"|at |#\d|\d+: |from |by 0x|created by )"
    ),
    re.compile(r":\d+:in "),
    re.compile(r"\.go:\d"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Lines [start, end) of one frame; `key` is what two calls of one place share."""

    start: int
    end: int
    key: str
    library: bool
    inner_last: bool
    """Whether the frames that follow are calls made by this one, as Python prints them."""


def has_frames(text: str) -> bool:
    """A cheap look: False means that `frames` finds none."""
    begun = f"\n{text}"
    return " called at " in text or any(pattern.search(begun) for pattern in _QUICK)


def frames(lines: Sequence[str]) -> Iterator[Frame]:
    """The frames in order."""
    for start, end, kind in spans(lines):
        text = "\n".join(lines[start : min(end, start + 2)])
        if kind == "numbered" and _GDB.match(lines[start]):
            text = _GDB.sub(rf"\1{ANYHOW}", lines[start])
        key = _VARYING.sub("", text)
        yield Frame(start, end, key, is_library(text, kind), kind == "python")


def spans(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where each frame starts and ends, and how it is printed."""
    at = 0
    while at < len(lines):
        line = lines[at]
        match = _FRAME.match(line) if 4 < len(line) < _WIDEST else None
        if match is None:
            at += 1
            continue
        kind = match.lastgroup or ""
        end = _end(lines, at, kind)
        if end == at + 1 and kind in ("go", "rust") and not _bare_rust(lines, at, kind):
            at += 1
            continue
        yield at, end, kind
        at = end


def _bare_rust(lines: Sequence[str], at: int, kind: str) -> bool:
    """Optimised Rust frames have no place; their neighbours are numbered alike."""
    return kind == "rust" and (
        "::" in lines[at]
        or " - " in lines[at]
        or (at > 0 and bool(_RUST_PLACE.match(lines[at - 1])))
    )


def _end(lines: Sequence[str], at: int, kind: str) -> int:
    if kind == "python":
        return _python_end(lines, at)
    if kind == "numbered" and _GDB.match(lines[at]):
        return next(
            (i for i in range(at + 1, len(lines)) if not _LOCAL.match(lines[i])), len(lines)
        )
    place = _PLACE.get(kind, _NOTHING)
    return at + 2 if at + 1 < len(lines) and place.match(lines[at + 1]) else at + 1


def _python_end(lines: Sequence[str], at: int) -> int:
    """Source lines and marks under a Python frame stand further right than it."""
    margin = _indent(lines[at])
    end = at + 1
    while end < len(lines) and _indent(lines[end]) > margin and lines[end].strip(" |\t"):
        end += 1
    return end


def _indent(line: str) -> int:
    # pytest puts it before its own tracebacks.
    line = line.removeprefix("INTERNALERROR>")
    return len(line) - len(line.lstrip(" |+\t"))
