"""The heads of hunks: how long a hunk is and where it was follows from the lines below."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_MARK = "[diff; @@ N: a hunk from line N of the new file on]"
_HEAD = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@( .*|)")
_SAID = re.compile(r"@@ (\d{1,9})( .*|)")
_BODY = (" ", "+", "-", "\\")

Sizes = tuple[int, int]
# The head's new wording, of a head, the sizes of its hunk and the lines that the hunks above added.
Turn = Callable[[str, Sizes, int], str]


def write(text: str) -> str:
    """`text` with the heads shortened that can be told from what stands below."""
    lines = text.split("\n")
    if any(map(_SAID.fullmatch, lines)):
        return text
    return "\n".join([_MARK, *_turned(lines, _say)])


def restore(text: str) -> str:
    if not text.startswith(f"{_MARK}\n"):
        return text
    return "\n".join(_turned(text.split("\n")[1:], _tell))


def _turned(lines: Sequence[str], turn: Turn) -> list[str]:
    """The lines with every head of a hunk in its other wording."""
    done: list[str] = []
    at = added = 0
    while at < len(lines):
        line = lines[at]
        if not line.startswith("@@ "):
            added = 0
            done.append(line)
            at += 1
            continue
        end = _end(lines, at + 1)
        body = lines[at + 1 : end]
        sizes = _sizes(body)
        head = turn(line, sizes, added)
        done += [head, *body]
        full = line if _HEAD.fullmatch(line) else head
        added = _added(full, sizes)
        at = end
    return done


def _end(lines: Sequence[str], at: int) -> int:
    """Behind the lines of a hunk; an empty one is one of them where others follow."""
    while at < len(lines):
        blank = not lines[at] and at + 1 < len(lines) and lines[at + 1].startswith(_BODY)
        if not blank and not lines[at].startswith(_BODY):
            break
        at += 1
    return at


def _sizes(body: Sequence[str]) -> Sizes:
    """How many lines the old and the new file have of it."""
    signs = [line[:1] for line in body]
    both = signs.count(" ") + signs.count("")
    return both + signs.count("-"), both + signs.count("+")


def _say(head: str, sizes: Sizes, added: int) -> str:
    found = _HEAD.fullmatch(head)
    said = f"@@ {found[3]}{found[5]}" if found else head
    return said if _tell(said, sizes, added) == head else head


def _tell(said: str, sizes: Sizes, added: int) -> str:
    found = _SAID.fullmatch(said)
    if not found:
        return said
    old, new = sizes
    # Of no lines the one before is named.
    start = int(found[1]) + (not new) - added - (not old)
    return f"@@ -{_span(start, old)} +{_span(int(found[1]), new)} @@{found[2]}"


def _span(start: int, size: int) -> str:
    return f"{start}" if size == 1 else f"{start},{size}"


def _added(head: str, sizes: Sizes) -> int:
    """How many lines longer the new file is by the end of the hunk."""
    found = _HEAD.fullmatch(head)
    if not found:
        return 0
    old, new = sizes
    return int(found[3]) + (not new) + new - int(found[1]) - (not old) - old
