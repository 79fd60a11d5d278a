"""The same text on several lines of one file: said once, behind all its line numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

MERGED = re.compile(r"\d+(?:,\d+)+:")
_ENTRY = re.compile(r"(\d+(?:,\d+)*):(.*)", re.DOTALL)


def write(text: str) -> str:
    """`text`, none of whose lines is `MERGED`, with equal neighbours under a heading merged."""
    return "\n".join(_by_run(text.split("\n"), _merged))


def restore(text: str) -> str:
    return "\n".join(_by_run(text.split("\n"), _parted)) if MERGED.search(text) else text


def _by_run(lines: Sequence[str], change: Callable[[list[str]], list[str]]) -> Iterator[str]:
    """The lines with `change` made to each run of entries."""
    for entries, group in itertools.groupby(lines, lambda line: bool(_ENTRY.match(line))):
        run = list(group)
        yield from change(run) if entries else run


def _merged(run: list[str]) -> list[str]:
    numbers: dict[str, list[str]] = {}
    last = -1
    for line in run:
        number, _, text = line.partition(":")
        # Only numbers in order, spelled as numbers are, can be sorted back.
        if len(number) > 9 or str(int(number)) != number or int(number) <= last:
            return run
        last = int(number)
        numbers.setdefault(text, []).append(number)
    return [f"{','.join(found)}:{text}" for text, found in numbers.items()]


def _parted(run: list[str]) -> list[str]:
    if not any(map(MERGED.match, run)):
        return run
    entries: list[tuple[int, str]] = []
    for line in run:
        numbers, _, text = line.partition(":")
        entries += [(int(number), f"{number}:{text}") for number in numbers.split(",")]
    return [line for _, line in sorted(entries, key=lambda entry: entry[0])]
