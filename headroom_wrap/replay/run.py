"""One recorded conversation, request by request, under every way to send it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headroom_wrap import ledger, policy, tokens, wire
from headroom_wrap.clock import Moment
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.replay import edits
from headroom_wrap.replay.bill import Bill, CacheModel, price_of
from headroom_wrap.replay.transcripts import Item, Transcript
from headroom_wrap.store import Store
from headroom_wrap.types import Level

# Without a time a step takes so long: well within every cache's life.
_PACE = 20.0
_ROLLING = 4
BARE, ROLLING = "bare", "rolling rewrite"


@dataclass(slots=True)
class Outcome:
    """What one conversation comes to. `bills` go by way: bare, the levels, and rolling rewrite
    (results are sent verbatim at first and shortened when they have aged). Breaks and edits that
    miss are counted at every level, the rest at the default one."""

    name: str
    model: str
    requests: int = 0
    priced: bool = False
    bills: dict[str, float] = field(default_factory=dict)
    units: dict[str, float] = field(default_factory=dict)
    """The bills in millions of input tokens, for adding up where a price is unknown."""
    prompts: dict[str, int] = field(default_factory=dict)
    results: int = 0
    shortened: int = 0
    breaks: int = 0
    edits: int = 0
    edit_misses: int = 0
    regrets: int = 0
    cold_points: int = 0


class Way:
    """One level's pipeline, store and bill."""

    def __init__(self, level: Level, folder: Path, bill: Bill) -> None:
        self.bill = bill
        self.at = 0.0
        self.store = Store(folder / level.value, durable=False)
        situation = Situation("replay", "replay", "replay")
        self.pipeline = Pipeline(self.store, Judge(level), situation, lambda: Moment(self.at))
        self.sent: list[bytes] = []
        self.breaks = 0
        self._before: Sequence[bytes] = ()

    def send(self, request: Request, sizes: Sizes, answer: int) -> None:
        """One request through the pipeline, and its bill."""
        found = self.pipeline.shorten(*request.endpoint, request.body)
        chilled = bool(found.record and found.record.chilled)
        messages = _messages(request.endpoint, found.body)
        if not chilled:
            self.breaks += _breaks(request.messages, self._before, messages, self.sent)
        self.sent, self._before = messages, request.messages
        usage = self.bill.add(*sizes.of(messages), answer, self.at)
        self.pipeline.settle(found.record, usage, "", 200)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the agent made it."""

    endpoint: tuple[str, str]
    body: bytes
    messages: Sequence[bytes]


def _breaks(
    now: Sequence[bytes], before: Sequence[bytes], sent: Sequence[bytes], held: Sequence[bytes]
) -> int:
    """Messages that the agent sent as before, and we did not; what it changed itself is its own."""
    found = 0
    for mine, theirs, ours, earlier in zip(now, before, sent, held, strict=False):
        if mine != theirs:
            break
        found += ours != earlier
    return found


class Sizes:
    """Hashes and token counts of messages, each counted once."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}

    def of(self, messages: Sequence[bytes]) -> tuple[list[bytes], list[int]]:
        names = [hashlib.blake2b(message, digest_size=16).digest() for message in messages]
        for name, message in zip(names, messages, strict=True):
            if name not in self._known:
                self._known[name] = tokens.count("\n".join(strings(json.loads(message))))
        return names, [self._known[name] for name in names]


def replay(
    transcript: Transcript,
    cache: CacheModel,
    levels: Sequence[Level] = tuple(Level),
    model: str = "",
    step: Callable[[], None] = lambda: None,
) -> Outcome:
    """The outcome of one conversation; `step` is called after every request."""
    model = model or transcript.model
    price, priced = price_of(model)
    outcome = Outcome(transcript.name, model, priced=priced)
    sizes = Sizes()
    bare, rolling = Bill(cache, price), Bill(cache, price)
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        ways = {level: Way(level, Path(name), Bill(cache, price)) for level in levels}
        for way in ways.values():
            stack.callback(way.store.close)
        usual = ways[Level.SAFE if Level.SAFE in ways else levels[-1]]
        dumped = Dumped()
        at = 0.0
        for sent, answer in transcript.requests():
            at = _time(sent, at)
            body = _body(transcript, [dumped.of(item) for item in sent], model)
            originals = _messages(transcript.endpoint, body)
            request = Request(transcript.endpoint, body, originals)
            output = sum(sizes.of([dumped.of(item) for item in answer])[1])
            for way in ways.values():
                way.at = at
                way.send(request, sizes, output)
            bare.add(*sizes.of(originals), output, at)
            aged = [*usual.sent[:-_ROLLING], *originals[len(originals) - _ROLLING :]]
            rolling.add(*sizes.of(aged), output, at)
            made, missed = edits.missing(answer, originals, [way.sent for way in ways.values()])
            outcome.edits += made
            outcome.edit_misses += missed
            outcome.requests += 1
            step()
        _sum_up(outcome, ways, usual, bare, rolling)
    return outcome


def _sum_up(
    outcome: Outcome, ways: dict[Level, Way], usual: Way, bare: Bill, rolling: Bill
) -> None:
    bills = {BARE: bare, **{level.value: way.bill for level, way in ways.items()}}
    bills[ROLLING] = rolling
    outcome.bills = {name: bill.cost for name, bill in bills.items()}
    outcome.units = {name: bill.units for name, bill in bills.items()}
    outcome.prompts = {name: bill.prompt for name, bill in bills.items()}
    for row in ledger.rows(usual.store):
        outcome.results += len(row.new)
        outcome.shortened += sum(shown.after < shown.before for shown in row.new)
        again = (policy.KEPT_REPEATED, policy.KEPT_OURS)
        outcome.regrets += sum(shown.reason in again for shown in row.new)
        outcome.cold_points += row.cold
    outcome.breaks = sum(way.breaks for way in ways.values())


def _time(sent: Sequence[Item], before: float) -> float:
    known = [item.at for item in sent[-3:] if item.at]
    return max(known[-1], before) if known else before + _PACE


class Dumped:
    """Items as JSON, each written once."""

    def __init__(self) -> None:
        self._known: dict[int, bytes] = {}

    def of(self, item: Item) -> bytes:
        if id(item) not in self._known:
            self._known[id(item)] = json.dumps(item.body).encode()
        return self._known[id(item)]


def _body(transcript: Transcript, sent: Sequence[bytes], model: str) -> bytes:
    items = b", ".join(sent)
    head: dict[str, Any] = {"model": model or "unknown", "max_tokens": 1, "stream": True}
    # Without a lifetime there are no cold points.
    if transcript.key == "messages":
        mark = {"type": "ephemeral"}
        head["system"] = [{"type": "text", "text": "(system)", "cache_control": mark}]
    return json.dumps(head)[:-1].encode() + f', "{transcript.key}": ['.encode() + items + b"]}"


def _messages(endpoint: tuple[str, str], body: bytes) -> list[bytes]:
    found = wire.read(*endpoint, body)
    return [body[start:end] for start, end in found[1].messages] if found else []


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value that a model reads."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("id", "type", "role", "tool_use_id", "tool_call_id", "call_id"):
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
