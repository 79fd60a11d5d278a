"""The gate on edits: the old text of every edit stands, byte for byte, in what was forwarded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from headroom_wrap.pipeline import reread
from headroom_wrap.replay.transcripts import Item

_OLD = ("old_string", "old_str", "oldText", "old_text")
_SEARCH = re.compile(r"^<{5,9} SEARCH\n(.*?)^={5,9}$", re.M | re.S)
_BY_NUMBER = re.compile(r"edit (\d{1,7}):(\d{1,7})\n")
_LONGEST = 2000
_NOTHING = 3


def missing(
    answer: Sequence[Item], originals: Sequence[bytes], ways: Sequence[Sequence[bytes]]
) -> tuple[int, int]:
    """How many edits an answer makes from what it was shown, and how many of those cannot apply
    after what was sent in some of the `ways`.

    An old text that the agent never saw in one piece is none of our doing.
    """
    olds = [old for item in answer for old in old_texts(item.body) if len(old) > _NOTHING]
    spans = [span for item in answer for span in _spans(item.body)]
    if not olds and not spans:
        return 0, 0
    before = _shown(originals)
    olds += [old for first, last in spans if (old := _at(originals, first, last))]
    after = [before if list(originals) == list(sent) else _shown(sent) for sent in ways]
    known = [old for old in olds if old in before]
    return len(known), sum(any(old not in text for text in after) for old in known)


def _spans(body: Any) -> Iterator[tuple[int, int]]:
    """The line numbers that an editor's commands replace (`edit 12:40`)."""
    for value in _values(body):
        if isinstance(value, str) and (found := _BY_NUMBER.match(value)):
            yield int(found[1]), int(found[2])


def _at(messages: Sequence[bytes], first: int, last: int) -> str:
    """Those lines as they were last shown; "" where they were not shown together."""
    wanted = set(range(first, min(last, first + _LONGEST) + 1))
    for message in reversed(messages):
        for text in _values(json.loads(message)):
            if not isinstance(text, str) or "\n" not in text:
                continue
            found = reread.read(text, "")
            lines = dict(zip(found.numbers, found.lines, strict=True))
            if wanted and lines.keys() >= wanted:
                return "\n".join(lines[number] for number in sorted(wanted))
    return ""


def old_texts(body: Any) -> Iterator[str]:
    """The texts that an answer's edits replace, context lines of patches included."""
    for value in _values(body):
        if isinstance(value, dict):
            yield from (value[key] for key in _OLD if isinstance(value.get(key), str))
        else:
            yield from (match[1] for match in _SEARCH.finditer(value))
            if "*** Begin Patch" in value:
                yield from _hunks(value)


def _hunks(patch: str) -> Iterator[str]:
    for part in re.split(r"^(?:@@|\*\*\*).*\n?", patch, flags=re.M):
        old = [line[1:] for line in part.split("\n") if line[:1] in (" ", "-")]
        if any(line.startswith(("-", "+")) for line in part.split("\n")) and old:
            yield "\n".join(old)


def _values(value: Any) -> Iterator[Any]:
    """Objects and strings at any depth; JSON in strings is opened."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, str):
        yield value
        if value.startswith("{"):
            try:
                yield from _values(json.loads(value))
            except (ValueError, RecursionError):
                return


def _shown(messages: Sequence[bytes]) -> str:
    """All texts of the messages, with and without the line numbers of reads."""
    texts = [text for message in messages for text in _values(json.loads(message))]
    strings = [text for text in texts if isinstance(text, str)]
    bare = ["\n".join(reread.read(text, "").lines) for text in strings if "\n" in text]
    return "\0".join([*strings, *bare])
