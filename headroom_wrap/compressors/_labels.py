"""Lines labelled with what they are, so that runs of the dull ones can be counted by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from headroom_wrap.compressors._fold import fold_ranges, plural
from headroom_wrap.compressors._gain import gained
from headroom_wrap.types import Squeezed

# What a label says about its line: "" is shown, QUIET is hidden without being worth a count, any
# other is hidden and counted under that name ("library frame", or with its plural "entry|entries").
SHOWN = ""
QUIET = "-"
_MIN_GAIN = 0.03


def count(labels: Sequence[str], start: int, end: int) -> str:
    """The labels of lines [start, end) counted: "12 compile commands, 3 directories"."""
    found: dict[str, int] = {}
    for label in labels[start:end]:
        if label != QUIET:
            found[label] = found.get(label, 0) + 1
    if not found:
        return plural(end - start, "line")
    return ", ".join(counted(n, label) for label, n in found.items())


def counted(number: int, label: str) -> str:
    """A number with the singular or plural of a label."""
    one, _, many = label.partition("|")
    return plural(number, one, many)


def hide_blanks(lines: Sequence[str], labels: list[str]) -> None:
    """Empty lines after a hidden line are hidden with it, in place."""
    for i in range(1, len(lines)):
        if not labels[i] and labels[i - 1] and not lines[i].strip():
            labels[i] = QUIET


def show_wanted(lines: Sequence[str], labels: list[str], wanted: Callable[[str], bool]) -> None:
    """Lines that were asked for are shown whatever they are, in place."""
    for i, label in enumerate(labels):
        if label and wanted(lines[i]):
            labels[i] = SHOWN


def folded(
    lines: Sequence[str],
    labels: Sequence[str],
    name: str,
    describe: Callable[[int, int], str] | None = None,
) -> Squeezed | None:
    """The text with labelled runs counted in place; None when that gains next to nothing."""
    tell = describe or (lambda start, end: count(labels, start, end))
    text, gaps = fold_ranges(lines, [not label for label in labels], tell, indent=True)
    before = sum(map(len, lines)) + len(lines)
    if not gaps or len(text) > (1 - _MIN_GAIN) * before:
        return None
    return gained("\n".join(lines), Squeezed(text, name, exact=False, gaps=gaps))
