"""A body that begins like an earlier one, as each turn of a conversation does: only what is new in
it is gone through."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, replace

from headroom_wrap.types import Turn
from headroom_wrap.wire import gemini
from headroom_wrap.wire._api import Wire
from headroom_wrap.wire.said import Call, Said
from headroom_wrap.wire.spans import Span, utf8

# Its calls have no ids: they are counted from the first message on.
_COUNTING = frozenset({gemini.NAME})
_STEP = 1 << 15


class Logged(Said):
    """Knows how it stood before each message."""

    def __init__(self) -> None:
        super().__init__()
        self._log: list[tuple[str, Call]] = []
        self._stood: list[tuple[str, str, int]] = []

    def _note(self, name: str, call: Call) -> None:
        super()._note(name, call)
        self._log.append((name, call))

    def _begin(self) -> None:
        self._stood.append((self._user, self._assistant, len(self._log)))

    def before(self, message: int) -> Logged:
        """What was said before one of the messages."""
        made = Logged()
        made._stood = self._stood[:message]
        made._user, made._assistant, calls = self._stood[message]
        for name, call in self._log[:calls]:
            made._note(name, call)
        return made


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of a body. Its first `kept` messages, which end before `known`, are those
    of an earlier body, byte for byte at the same place, and so are their blocks. `said` is None
    where bodies do not begin anew with the whole conversation."""

    wire: Wire
    body: bytes
    turn: Turn
    said: Logged | None = None
    kept: int = 0
    known: int = 0


def shared(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    shorter, at, step = min(len(one), len(other)), 0, _STEP
    while step:
        if at + step <= shorter and one[at : at + step] == other[at : at + step]:
            at += step
        else:
            step //= 2
    return at


def read_on(earlier: Iterable[Reading], body: bytes) -> tuple[Reading, Reading] | None:
    """The reading of a body, and the earlier one that it has most in common with; None where the
    whole body has to be read."""
    # The last of them is read once more: so what is left to read begins with a message.
    common, nearest = 1, None
    for before in earlier:
        if before.wire.NAME not in _COUNTING and _has_more(before, body, common):
            common, nearest = _in_common(before, body), before
    found = _read_rest(nearest, body, common - 1) if nearest else None
    return (found, nearest) if found and nearest else None


def _has_more(before: Reading, body: bytes, common: int) -> bool:
    """Whether a body begins with more than so many messages of an earlier body."""
    messages = before.turn.messages
    return len(messages) > common and body.startswith(before.body[: messages[common][1]])


def _in_common(before: Reading, body: bytes) -> int:
    """How many messages of an earlier body a body begins with."""
    return bisect.bisect_right(before.turn.messages, shared(before.body, body), key=_end)


def _end(message: Span) -> int:
    return message[1]


def _read_rest(before: Reading, body: bytes, kept: int) -> Reading | None:
    first, known = before.turn.messages[0][0], before.turn.messages[kept][0]
    rest = body[:first] + body[known:]
    if before.said is None or not utf8(rest):
        return None
    said = before.said.before(kept)
    turn = before.wire.read(rest, said)
    # Tools may stand behind the messages: without any a user's words are read in another way.
    if turn is None or not turn.messages or said.typed != before.said.typed:
        return None
    return Reading(before.wire, body, _whole(before.turn, kept, turn), said, kept, known)


def _whole(before: Turn, kept: int, rest: Turn) -> Turn:
    """The turn of the whole body; `rest` was read without the messages that are kept."""
    first, resumed = before.messages[0][0], before.messages[kept][0]
    by = resumed - first
    return replace(
        rest,
        messages=(*before.messages[:kept], *(_moved(span, by) for span in rest.messages)),
        blocks=(
            *(block for block in before.blocks if block.span[0] < resumed),
            *(replace(block, span=_moved(block.span, by)) for block in rest.blocks),
        ),
    )


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
