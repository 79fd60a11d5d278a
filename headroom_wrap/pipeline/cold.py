"""Cold points: when the provider's cache has expired, what is old leaves the context for good.

Only then does changing what was already sent cost nothing: all of it is written anew anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from headroom_wrap import clock, policy
from headroom_wrap.clock import Moment
from headroom_wrap.detect import reads
from headroom_wrap.original import UNREADABLE
from headroom_wrap.pipeline.account import Judged
from headroom_wrap.pipeline.judge import Judge
from headroom_wrap.pipeline.reread import same_file
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.types import Block, Turn

NAME = "cold"
_WIRES = frozenset({"anthropic"})
_MARGIN = 60.0
_STEPS = 30
_RECENT = 20
# One exchange adds the answer, the results, and at times a note of the client's own.
_ONE_STEP = 3
_LEAST_GAIN = 2000
_BYTES_PER_TOKEN = 2.5
# In a JSON string these quotes would stand behind backslashes.
_MARK = b'"cache_control"'
_ANY = re.compile(rb'(?<!\\)"cache_control"\s*:\s*\{([^{}]*)')
_HOUR = re.compile(rb'"ttl"\s*:\s*"1h"')
_THOUGHT = re.compile(rb'(?<!\\)"(?:signature|redacted_thinking)"')
_UNBOUND = re.compile(r"claude-(?:[123]\b|(?:haiku|sonnet|opus)-[34]\b)")


class Last(msgspec.Struct, frozen=True, array_like=True):
    """The latest exchange of a conversation: when, what it ended with, how long it is cached."""

    at: Moment
    link: bytes
    ttl: float


# Where the store keeps how many cold points there were, and how many were none.
TRIALS = b"cold"

encode = msgspec.msgpack.Encoder().encode
_decode_last = msgspec.msgpack.Decoder(Last).decode
_decode_trials = msgspec.msgpack.Decoder(tuple[int, int]).decode


def decode(row: bytes | None) -> Last | None:
    """The exchange in a row of the store; None where there is none, or it is damaged."""
    try:
        return _decode_last(row) if row else None
    except UNREADABLE:
        return None


def _trials(row: bytes | None) -> tuple[int, int]:
    try:
        return _decode_trials(row) if row else (0, 0)
    except UNREADABLE:
        return (0, 0)


def key(root: bytes) -> bytes:
    """Where the store keeps `Last` of the conversations that begin with the same message."""
    return b"last/" + root


def ttl(wire: str, body: bytes) -> float:
    """Seconds for which the provider caches the prompt; 0 where it does not say."""
    found = 0.0
    # From the end: there words are found sooner, and stands the marker of the latest message.
    at = body.rfind(_MARK) if wire in _WIRES else -1
    while at >= 0:
        marker = _ANY.match(body, at)
        if marker and _HOUR.search(marker[1]):
            return 3600.0
        found = 300.0 if marker else found
        at = body.rfind(_MARK, 0, at)
    return found


def bound(model: str, body: bytes) -> bool:
    """Whether what the model thought is tied to every byte before it: then an old result that
    leaves is a refused request, at the least forgotten thoughts.

    https://platform.claude.com/docs/build-with-claude/preserved-thinking/prefix-checks
    Models of the fourth generation and before do not look; others are taken to.
    """
    return not _UNBOUND.match(model) and _THOUGHT.search(body) is not None


def over(last: Last, seconds: float, now: Moment) -> bool:
    """Whether the latest exchange is no longer cached."""
    if not seconds or not last.ttl:
        return False
    return clock.between(last.at, now) > max(seconds, last.ttl) + _MARGIN


def latest(last: Last, links: Iterable[bytes]) -> bool:
    """Whether a request continues the latest exchange by one step.

    More messages would mean that somebody went on with it where we did not see it: then parts of
    it may be cached.
    """
    return last.link in list(links)[-1 - _ONE_STEP :]


def stubs(turn: Turn, judged: Judged, on: Judge) -> dict[Block, Verdict]:
    """New verdicts on the old results that nobody needs any more; {} when they are not worth it."""
    old = [block for block in judged.verdicts if _steps(turn, block) >= _STEPS]
    recent = turn.blocks[-_RECENT:]
    activity = "\n".join(f"{b.query}\n{b.origin.command}\n{b.origin.path}" for b in recent)
    found: dict[Block, Verdict] = {}
    for block in old:
        verdict = judged.verdicts[block]
        if _may_go(verdict) and (_superseded(block, turn) or not _mentioned(block, activity)):
            stub = on.stub(block, verdict)
            if stub is not None:
                found[block] = stub
    found = _not_leaned_on(found, judged)
    gain = sum(judged.verdicts[block].sent_tokens - stub.after for block, stub in found.items())
    return found if gain >= _LEAST_GAIN else {}


def _not_leaned_on(found: dict[Block, Verdict], judged: Judged) -> dict[Block, Verdict]:
    """What stays says "as read above" of some results: these stay too."""
    leaned = {
        base
        for block, verdict in judged.verdicts.items()
        if block not in found
        for base in verdict.bases
    }
    return {block: stub for block, stub in found.items() if judged.keys[block] not in leaned}


def _may_go(verdict: Verdict) -> bool:
    return verdict.compressor != NAME and verdict.sent_tokens >= policy.SHORT_TOKENS


def _steps(turn: Turn, block: Block) -> int:
    """How many exchanges came after the block."""
    return sum(start > block.span[0] for start, _ in turn.messages) // 2


def _superseded(block: Block, turn: Turn) -> bool:
    """Whether the same was asked for again later, or its file was shown anew (as edits do)."""
    path = reads.shown_path(block.text, block.origin)
    for other in turn.blocks:
        if other.span <= block.span:
            continue
        if path and same_file(path, other.origin.path):
            return True
        if block.origin.command and block.origin.command == other.origin.command:
            return True
    return False


def _mentioned(block: Block, activity: str) -> bool:
    path = reads.shown_path(block.text, block.origin)
    name = path.rsplit("/", 1)[-1]
    if name:
        return name in activity
    return bool(block.origin.command) and block.origin.command in activity


def trusted(trials: bytes | None) -> bool:
    """Whether cold points were what they seemed: not more than one in a hundred was wrong."""
    points, wrong = _trials(trials)
    return wrong * 100 <= points


def tried(trials: bytes | None, cache_read: int, before: int) -> bytes:
    """The record of all cold points with one more: `before` bytes stood before its messages.

    What a provider reads from its cache there (tools and system text, shared by conversations)
    stays small; where it read more, the conversation was still cached.
    """
    points, wrong = _trials(trials)
    return encode((points + 1, wrong + (cache_read * _BYTES_PER_TOKEN > before)))
