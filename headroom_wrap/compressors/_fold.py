"""The one way to leave lines out: keep some, put a counted note in place of each run of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Gap = tuple[int, int]
Describe = Callable[[Sequence[str]], str]

# A note costs a line break and an ellipsis: what it hides must be longer by some margin.
_NOTE_COST = 8


def fold(
    lines: Sequence[str], keep: Sequence[bool], describe: Describe, indent: bool = False
) -> tuple[str, tuple[Gap, ...]]:
    """The kept lines with `[… <describe(hidden lines)>]` in place of each run of hidden ones.

    `describe` gives words with a count in them, e.g. "31 passed", or "" to have the run shown.
    A run whose note would cost as much as the run itself is shown. With `indent` a note stands as
    far right as the first line it hides. Returns the text and the line ranges that are not in it.
    """
    return fold_ranges(lines, keep, lambda start, end: describe(lines[start:end]), indent)


def fold_ranges(
    lines: Sequence[str],
    keep: Sequence[bool],
    describe: Callable[[int, int], str],
    indent: bool = False,
) -> tuple[str, tuple[Gap, ...]]:
    """As `fold`, for a `describe` that goes by line numbers."""
    shown: list[str] = []
    gaps: list[Gap] = []
    at = 0
    for start, end in hidden_runs(keep):
        hidden = lines[start:end]
        words = describe(start, end)
        note = f"[… {words}]"
        if not words or sum(map(len, hidden)) + len(hidden) < len(note) + _NOTE_COST:
            continue
        shown += lines[at:start]
        shown.append(_margin(hidden) + note if indent else note)
        gaps.append((start, end))
        at = end
    shown += lines[at:]
    return "\n".join(shown), tuple(gaps)


def hidden_runs(keep: Sequence[bool]) -> Iterator[Gap]:
    """The ranges [start, end) of neighbours that are not kept."""
    start = -1
    for i, kept in enumerate(keep):
        if kept and start >= 0:
            yield start, i
            start = -1
        elif not kept and start < 0:
            start = i
    if start >= 0:
        yield start, len(keep)


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 line", "2 lines", "3 entries": the words of a note."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def _margin(hidden: Sequence[str]) -> str:
    first = next((line for line in hidden if line.strip()), "")
    return first[: len(first) - len(first.lstrip(" \t"))][:40]
