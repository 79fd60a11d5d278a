"""Progress lines of builds and installers: which step each line reports, counted and named."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headroom_wrap.compressors._fold import plural
from headroom_wrap.compressors._labels import QUIET, counted

# What container builds and CI print before the line itself.
PREFIX = re.compile(
    r"(?:#\d+ \d+\.\d+ |\S+\t[^\t\n]+\t)?"
    r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z |\[\d\d:\d\d:\d\d\] )?"
)
# Whole words only: files and flags may be called like that.
_TROUBLE = re.compile(
    r"(?<![\w./=-])(?:errors?|fail(?:ed|ure|s)?|failing|cannot|denied|unauthorized|timed out"
    r"|did not|(?:could|Could) not|Not Found|refused|aborted|fatal|ERROR|FAILED|Failed"
    r"|GET [45]\d\d)(?![\w./=-])"
)
_MOST_NAMES = 80
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Step:
    """Lines of one kind: what they are counted as (QUIET: not worth a count), and their shape.

    The groups `name` and `version`, when a shape has them, are given with the count.
    """

    label: str
    shape: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a counted line names; neighbours that share `path` are written with it once.

    `kind` goes behind the label, and lines of different kinds are counted apart.
    """

    rest: str
    path: str = ""
    kind: str = ""


class Steps:
    """A table of steps, compiled."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = tuple(steps)
        self._shapes = [re.sub(r"\(\?P<\w+>", "(?:", step.shape) for step in self._steps]
        # Most lines report no step, which is seen much faster where nobody asks for the number.
        # Tables of the same steps share it.
        self._some = re.compile("|".join(f"(?:{shape})" for shape in sorted(self._shapes)))
        self._naming = {
            i: re.compile(step.shape)
            for i, step in enumerate(self._steps)
            if "(?P<name>" in step.shape
        }

    @functools.cached_property
    def _any(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?P<s{i}>{shape})" for i, shape in enumerate(self._shapes)))

    def read(self, line: str) -> tuple[str, Name | None]:
        """The label of the step that the line reports ("" for none), and what it names."""
        start = 0
        if line[:1] in "#[0123456789" or "\t" in line:
            prefix = PREFIX.match(line)
            start = prefix.end() if prefix else 0
        reports = len(line) < _LONGEST and self._some.match(line, start)
        match = self._any.match(line, start) if reports else None
        if match is None or _TROUBLE.search(line, start):
            return "", None
        number = int((match.lastgroup or "s0")[1:])
        naming = self._naming.get(number)
        found = naming.match(line, start) if naming else None
        words = " ".join(filter(None, found.groupdict().values())) if found else ""
        return self._steps[number].label, Name(words) if nameable(words) else None


def nameable(words: str) -> bool:
    """Whether words can stand in a note."""
    return bool(words) and not set("[]\n…") & set(words)


def label_steps(
    lines: Sequence[str], labels: list[str], names: dict[int, Name], steps: Steps
) -> None:
    """Label the lines that report steps, in place."""
    for i, line in enumerate(lines):
        if labels[i] or not line.strip():
            continue
        labels[i], name = steps.read(line)
        if name:
            names[i] = name


def note(labels: Sequence[str], names: Mapping[int, Name], start: int, end: int) -> str:
    """ "12 files compiled, 2 not found: io.h, sys/filio.h" for the lines [start, end)."""
    found: dict[tuple[str, str], list[Name | None]] = {}
    for i in range(start, end):
        if labels[i] != QUIET:
            name = names.get(i)
            found.setdefault((labels[i], name.kind if name else ""), []).append(name)
    words: list[str] = []
    path = ""
    for (label, kind), given in found.items():
        listed = [name for name in given if name and name.path + name.rest]
        said, path = _listed(listed, path)
        words.append(f"{counted(len(given), label)}{kind and ' '}{kind}{said}")
    # Lists of names hold commas: what comes after one needs a stronger sign.
    joint = "; " if any(": " in word for word in words) else ", "
    return joint.join(words) or plural(end - start, "line of progress", "lines of progress")


def _listed(names: Sequence[Name], path: str) -> tuple[str, str]:
    """The names behind a colon, with the path that the last of them has."""
    words: list[str] = []
    for name in names[:_MOST_NAMES]:
        words.append(name.rest if name.path and name.path == path else name.path + name.rest)
        path = name.path or path
    left = len(names) - len(words)
    more = f" and {left} more" if left else ""
    return (": " + ", ".join(dict.fromkeys(words)) + more if words else ""), path
