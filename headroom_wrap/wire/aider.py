"""aider has no tools: what a command printed comes as a message of the user's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.types import Block, Origin
from headroom_wrap.wire.said import Said
from headroom_wrap.wire.spans import Json, Span, offset

_RAN = re.compile(
    r"\AI ran this command:\n\n(?P<command>.+?)\n\nAnd got this output:\n\n(?P<output>.*)\Z", re.S
)
_FILES = re.compile(r"\AI have \*added these files|\AHere are (?:summaries|some) |\AOk[.,]")


def output(json: Json, span: Span | None, text: str, said: Said) -> Iterator[Block]:
    """What a command printed; every other text of a user's is left alone."""
    found = _RAN.match(text) if span else None
    if found is None or span is None:
        return
    start, end = span[0] + 1, span[1] - 1
    raw = json.raw[start:end]
    at = start + offset(raw, text, found.start("output"))
    origin = Origin("run", found["command"])
    yield Block((at, end), found["output"], origin, "", query=said.query())


def request(text: str) -> str:
    """The text as far as it is a user's own words."""
    return "" if _RAN.match(text) or _FILES.match(text) else text
