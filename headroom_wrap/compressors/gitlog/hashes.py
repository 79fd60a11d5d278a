"""Commits named by the beginning of their hash, which git takes for the whole of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

_DIGITS = 10
_LEAST_COMMITS = 4
# `--graph` draws its columns in front.
_DRAWN = r"(?:[*|\\/_ ]* )?"
_COMMIT = re.compile(rf"({_DRAWN})commit ([0-9a-f]{{40}})(?: (\([^][\n…]*\)))?")
_SHORT = re.compile(rf"^{_DRAWN}commit ([0-9a-f]{{{_DIGITS}}})…(.*)$", re.MULTILINE)
_CUT = 40 - _DIGITS
_NAMED = re.compile(
    r"\b(?:hash(?:es)?|shas?|sha-?1s?|(?:commit|revision) (?:id|name|number)s?)\b", re.I
)
_GRAPH, _SHORT_GRAPH = "[git log --graph: ", f"[git log --graph: first {_DIGITS} digits of hashes, "
_LEGEND, _SHORT_LEGEND = "[git log; ", f"[git log; first {_DIGITS} digits of hashes; "

Gaps = tuple[tuple[int, int], ...]


def shorten(text: str, lines: Sequence[str], asked: Callable[[str], bool]) -> tuple[str, Gaps]:
    """`text` with short hashes, and which of the `lines` of the original they stand for.

    Commits that hold an asked-for line keep theirs, and so do all where one would be ambiguous.
    """
    commits = [i for i, line in enumerate(lines) if _COMMIT.fullmatch(line)]
    begun = {lines[i].partition("commit ")[2][:_DIGITS] for i in commits}
    if not len(begun) == len(commits) >= _LEAST_COMMITS:
        return text, ()
    short = {lines[i]: i for i in _unasked(commits, lines, asked)}
    written = [_said(line) if line in short else line for line in text.split("\n")]
    return "\n".join(written), tuple((i, i + 1) for i in short.values())


def named(query: str) -> bool:
    """Whether a request speaks of hashes, of whichever commits."""
    return _NAMED.search(query) is not None


def marked(written: str) -> str:
    """A log whose legend says that hashes are short."""
    if written.startswith(_GRAPH):
        return _SHORT_GRAPH + written.removeprefix(_GRAPH)
    return _SHORT_LEGEND + written.removeprefix(_LEGEND)


def is_marked(text: str) -> bool:
    return text.startswith((_SHORT_LEGEND, _SHORT_GRAPH))


def unmarked(text: str) -> str:
    if text.startswith(_SHORT_GRAPH):
        return _GRAPH + text.removeprefix(_SHORT_GRAPH)
    return _LEGEND + text.removeprefix(_SHORT_LEGEND)


def notes(text: str) -> str:
    """The text with a counted note for each hash that is short."""
    return _SHORT.sub(rf"[… commit \1, {_CUT} digits more\2]", text)


def _unasked(
    commits: Sequence[int], lines: Sequence[str], asked: Callable[[str], bool]
) -> Iterator[int]:
    for start, end in itertools.pairwise([*commits, len(lines)]):
        if not any(map(asked, lines[start:end])):
            yield start


def _said(line: str) -> str:
    found = _COMMIT.fullmatch(line)
    assert found
    return f"{found[1]}commit {found[2][:_DIGITS]}…" + (f" {found[3]}" if found[3] else "")
