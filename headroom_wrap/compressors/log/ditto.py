"""What a log line repeats of the head of the line above, written as ditto marks; and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from headroom_wrap.compressors.log.templates import alarming
from headroom_wrap.detect.shape import TIME

LEGEND = '[log: " repeats the word above it, "" two words]'

_LITERAL = "\\"
_WORD = re.compile(r"^\s+|\S+\s*")
_MARKS = re.compile(r'"+ ')
_NOTE = "[… "
# One mark costs about what a short word does; in messages only long runs are worth the reading.
_SHORT = 6
_LONG = 70
_HEAD_CHARS = 600

# Where the message of a line begins: after its time, numbers and hosts, level, brackets, logger.
_LEVEL = (
    r"[\[(<|-]*(?i:trace|debug|info|notice|warn(?:ing)?|error|err|fatal|crit(?:ical)?|severe|"
    r"verbose|fine|information)(?=[\]\s)>,:|])[\])>,:|]*"
)
_LOGGER = r"[\w$@/-]+(?:\.[\w$@/-]+)+|[\w.-]*[a-z][A-Z][\w.$-]*|[\w./-]+(?:\([\w. -]*\))?\[\d+\]"
_HEAD = re.compile(
    rf"(?:\S{{1,80}}[ ]+){{0,8}}?[\[(<]?(?:{TIME})\S*\s+"
    rf"(?:[-|][ ]+)?(?:\d\d:\d\d:\d\d\S*\s+)?(?:\d{{4}}\]\s+)?"
    rf"(?:(?![\[\"'])[\w.:/-]{{0,60}}\d[\w.:/-]{{0,60}}\s+){{0,6}}"
    rf"(?:[\w.-]+\s+(?=[\w./-]+(?:\([\w. -]*\))?(?:\[\d+\])?:\s))?"
    # A word in capitals is a facility where a level follows it or a column ends behind it.
    rf"(?:(?:[A-Z]{{2,}}\s+){{0,3}}{_LEVEL}\s+|[VDIWEF]\s+)?(?:[A-Z]{{2,}}\s{{2,}})?"
    rf"(?:\[[^\]\n]{{0,240}}\]:?\s+|\([^)\n]{{0,80}}\)\s+|[-|]\s+){{0,3}}"
    rf"(?:(?:{_LOGGER}):?\s+)?"
    rf"(?:\[[^\]\n]{{0,240}}\]:?\s+|[-|:]\s+){{0,2}}",
)


def write(text: str, plain: Callable[[str], bool], messages: bool = False) -> str:
    """`text` with ditto marks under a legend, in `messages` behind the heads too.

    Lines that are to stay `plain` get none.
    """
    above: list[str] = []
    written = [LEGEND]
    for line in text.split("\n"):
        said = line
        if _sets(line):
            words = _WORD.findall(line)
            if above and not plain(line):
                said = _marked(words, above, _head_words(line), messages)
            if said[:1] == _LITERAL or ('"' in line and _read(said, above) != line):
                said = line
            above = words
        written.append(_LITERAL + line if said == line and _ambiguous(line) else said)
    return "\n".join(written)


def restore(text: str) -> str:
    """What `write` was given."""
    above: list[str] = []
    lines: list[str] = []
    for said in text.split("\n")[1:]:
        line = said[1:] if said[:1] == _LITERAL else _read(said, above)
        if _sets(line):
            above = _WORD.findall(line)
        lines.append(line)
    return "\n".join(lines)


def _sets(line: str) -> bool:
    """Whether the lines below may repeat words of this one."""
    return bool(line) and not line[0].isspace() and not line.startswith(_NOTE)


def _ambiguous(line: str) -> bool:
    return line[:1] == _LITERAL or ('"' in line and _MARKS.search(f"{line} ") is not None)


def _head_words(line: str) -> int:
    """How many words stand before the message of a line."""
    head = _HEAD.match(line, 0, _HEAD_CHARS)
    return len(head.group().split()) if head else 0


def _marked(words: Sequence[str], above: Sequence[str], head: int, messages: bool) -> str:
    """The words with runs of those that stand above at the same place as marks."""
    said: list[str] = []
    last = min(len(words) - 1, len(above))
    head = min(head, last)
    at = 0
    while at < (last if messages else head):
        stop = head if at < head else last
        end = at
        while end < stop and words[end] == above[end] and not alarming(words[end]):
            end += 1
        if end == at:
            end += 1
            said.append(words[at])
        elif _worth(words, at, end, head):
            said.append('"' * (end - at) + " ")
        else:
            said += words[at:end]
        at = end
    return "".join([*said, *words[at:]])


def _worth(words: Sequence[str], start: int, end: int, head: int) -> bool:
    """Whether marks read better than the words [start, end), of which there is one."""
    if start >= head:
        return sum(map(len, words[start:end])) >= _LONG
    return end - start > 1 or len(words[start]) > _SHORT


def _read(said: str, above: Sequence[str]) -> str:
    """A line with its marks replaced by the words above them."""
    if '"' not in said:
        return said
    words: list[str] = []
    for word in _WORD.findall(said):
        marks = _MARKS.fullmatch(word) if word[0] == '"' else None
        count = len(word) - 1 if marks else 0
        if marks and len(words) + count <= len(above):
            words += above[len(words) : len(words) + count]
        else:
            words.append(word)
    return "".join(words)
