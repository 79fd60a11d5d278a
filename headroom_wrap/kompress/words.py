"""Cuts sentences into the word groups that stay or go together, and says which never go."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from headroom_wrap.kompress.segment import Unit

# One visible word; code spans, quotations and links are one word each.
_ATOM = re.compile(
    r"(?:[^\s`\"\[]*(?:`[^`\n]{1,80}`|\"[^\"\n]{1,60}\"|\[[^\]\n]{1,80}\]\([^)\s]*\))\S*|\S+)\s*"
)
_BARE = re.compile(r"[\w'’-]+")
_NUMBER = re.compile(r"^\W*\d[\d.,:]*%?\W*$")
_NAME = re.compile(r"^\W*[A-Z][\w.-]*\W*$")
_CODE = re.compile(r"[`_/\\=<>{}\[\]$@#]|\w\.\w|\w\(\)|^-{1,2}\w|[a-z][A-Z]|\d")
_ENDS = re.compile(r"[.!?;:,)]\s*$")
_LONGEST = 6

# Dropping one of these turns a sentence into its opposite, or a condition into a fact.
_INVERTING = frozenset(
    "not no never none nor neither nothing nobody nowhere cannot without unless except only until "
    "if hardly barely rarely seldom instead but however although though despite whether avoid "
    "lacks missing stop stops fails failed forbidden unsupported false non".split()
)
_SHORTENED = re.compile(r"n['’]t$")
# What telegrams leave out. No order, place, amount, duty or chance hangs on these: before, off,
# more, may, will, or and their like are not here.
_EMPTY = frozenset(
    "a also am an and are as at be been being by did do does doing for had has have having he her "
    "here hers him his i in into is it its itself just me my of our ours own she so such that the "
    "their theirs them there these they this those to upon us very was we were which who whom with "
    "you your".split()
)
_ALARMING = frozenset(
    "error errors warning exception fatal failure failures deprecated removed breaking danger "
    "must required default".split()
)


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch [start, end) of a text, white space behind it included.

    `unit` numbers the sentence it stands in; `fixed`: it stays while anything of it stays.
    """

    start: int
    end: int
    unit: int
    fixed: bool
    literal: bool


def groups(text: str, units: Sequence[Unit]) -> list[Group]:
    """The groups of a text, in order and without holes; code, tables and headings are whole."""
    found: list[Group] = []
    for number, unit in enumerate(units):
        if unit.kind in ("sentence", "item"):
            found += _split(text, unit, number)
        else:
            found.append(Group(unit.start, unit.end, number, True, True))
    return found


def _split(text: str, unit: Unit, number: int) -> Iterator[Group]:
    start = unit.start
    run = 0
    fixed = literal = False
    atoms = [m.span() for m in _ATOM.finditer(text, unit.start, unit.end)]
    marks = [_mark(text[a:b]) for a, b in atoms]
    for i, ((_, end), mark) in enumerate(zip(atoms, marks, strict=True)):
        run += 1
        fixed = fixed or mark.inverts
        literal = literal or mark.literal
        last = i + 1 == len(atoms)
        if not last and run < _LONGEST and mark.joins(marks[i + 1]):
            continue
        # A list item's mark says that it is one.
        first = start == unit.start and unit.kind == "item"
        yield Group(start, unit.end if last else end, number, fixed or first, literal)
        start, run, fixed, literal = end, 0, False, False


class _Mark(NamedTuple):
    """What a word is taken for."""

    inverts: bool
    literal: bool
    bare: bool
    ends: bool
    number: bool
    name: bool

    def joins(self, after: _Mark) -> bool:
        """Whether the next word belongs to this one."""
        if self.inverts or not self.bare:
            return True
        if self.ends:
            return False
        return self.number or (self.name and (after.name or after.number))


# The same few thousand words make up most of what anybody says.
@functools.lru_cache(1 << 14)
def _mark(word: str) -> _Mark:
    return _Mark(
        inverts(word),
        _CODE.search(word) is not None,
        _BARE.search(word) is not None,
        _ENDS.search(word) is not None,
        _NUMBER.match(word) is not None,
        _NAME.match(word) is not None,
    )


def inverts(word: str) -> bool:
    """Whether a sentence means something else without this word."""
    return any(
        part in _INVERTING or _SHORTENED.search(part) is not None
        for part in map(str.lower, _BARE.findall(word.replace("_", " ")))
    )


def empty(text: str, groups: Sequence[Group]) -> list[bool]:
    """Which groups a telegram leaves out; between two names or numbers the word between stays."""
    said = [text[group.start : group.end] for group in groups]
    telling = [g.literal or _NUMBER.match(s) is not None for g, s in zip(groups, said, strict=True)]
    found = [_hollow(word) for word in said]
    for i in range(1, len(groups) - 1):
        if telling[i - 1] and telling[i + 1] and groups[i - 1].unit == groups[i + 1].unit:
            found[i] = False
    return found


def _hollow(words: str) -> bool:
    bare = [word.strip(".,;:()'\"") for word in words.lower().split()]
    return bool(bare) and all(word in _EMPTY for word in bare)


def alarming(word: str) -> bool:
    """Whether the word says that something went wrong or has to be."""
    return any(part.lower() in _ALARMING for part in _BARE.findall(word))
