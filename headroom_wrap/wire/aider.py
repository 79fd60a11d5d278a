"""aider has no tools: what a command printed comes as a message of the user's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.types import Block, Origin
from headroom_wrap.wire.said import Said
from headroom_wrap.wire.spans import Json, Span, inside, offset, sound

_RAN = re.compile(
    r"\AI ran this command:\n\n(?P<command>.+?)\n\nAnd got this output:\n\n(?P<output>.*)\Z", re.S
)
_FILES = re.compile(r"\AI have \*added these files|\AHere are (?:summaries|some) |\AOk[.,]")


def user(json: Json, span: Span | None, text: str, said: Said) -> Iterator[Block]:
    """What a command printed; every other text of a user's is left alone."""
    found = _RAN.match(text) if span and said.typed else None
    if found is None or span is None:
        said.user("" if said.typed and _FILES.match(text) else text)
        return
    start, end = inside(span)
    at = start + offset(json.raw[start:end], text, found.start("output"))
    if at < end:
        origin = Origin("run", sound(found["command"]))
        yield Block((at, end), found["output"], origin, "", query=said.query())
