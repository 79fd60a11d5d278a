"""Rows of the store as a damaged disk or another version leaves them, and whole requests."""

from __future__ import annotations

import json
from collections.abc import Iterator

from headroom_wrap import ledger, marker, tokens, wire
from headroom_wrap.errors import StoreError
from headroom_wrap.ledger import sums
from headroom_wrap.original import digest
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.pipeline import verdict as verdicts
from headroom_wrap.store import Batch, Store, ephemeral
from headroom_wrap.types import Level, Origin, Usage
from tests.compressors.cases import cases
from tests.fuzz.target import Target
from tests.pipeline.talk import HOST, PATH, Talk, log

_LEVELS = list(Level)
_STORES = ephemeral(), ephemeral()
_SITUATION = Situation("s", "fuzz", "/work")


def _pipeline(store: Store, level: Level = Level.SAFE) -> Pipeline:
    return Pipeline(store, Judge(level), _SITUATION)


def _request(data: bytes) -> None:
    """A conversation of three requests: what is sent stays, and every original comes back."""
    level = _LEVELS[data[0] % 3] if data else Level.SAFE
    whole = data[1:].decode("utf-8", "surrogateescape")
    command, _, rest = whole.partition("\n")
    talk = Talk(rest[:60].partition("\n")[0])
    for text in (rest, rest[: len(rest) // 2], rest):
        talk.result(text, command=command)
    body = json.dumps({"model": "m", "messages": talk.messages}).encode()
    for store in _STORES:
        store.empty()
    first = _pipeline(_STORES[0], level).shorten(HOST, PATH, body)
    assert _pipeline(_STORES[0], level).shorten(HOST, PATH, body).body == first.body
    assert _pipeline(_STORES[1], level).shorten(HOST, PATH, body).body == first.body
    was, now = (wire.read(HOST, PATH, each) for each in (body, first.body))
    assert was is not None
    assert now is not None
    for old, new in zip(was[1].blocks, now[1].blocks, strict=True):
        if old.text != new.text:
            assert tokens.count(new.text) < tokens.count(old.text)
            found = _STORES[0].original(marker.hashes(new.text)[-1])
            assert found is not None
            assert found.text == old.text


def _requests() -> Iterator[bytes]:
    for case in cases():
        yield f"1{case.origin.command}\n{case.text[:12_000]}".encode("utf-8", "surrogatepass")


_TALK = Talk()
_TALK.result(log(60), command="cat log")
_BODY = _TALK.body()
_TURN = wire.read(HOST, PATH, _BODY)
assert _TURN is not None
_BLOCK = _TURN[1].blocks[0]
_KEY = verdicts.key(_BLOCK, digest(_BLOCK.text))


def _row(table: str, key: bytes, value: bytes) -> Store:
    store = _STORES[0]
    store.empty()
    batch = Batch()
    batch.put(table, key, value)
    store.write(batch)
    return store


def _verdict(data: bytes) -> None:
    store = _row("verdicts", _KEY, data)
    sent = _pipeline(store).shorten(HOST, PATH, _BODY).body
    assert json.loads(sent)
    assert _pipeline(store).shorten(HOST, PATH, _BODY).body == sent


def _verdicts() -> Iterator[bytes]:
    store = _STORES[0]
    store.empty()
    _pipeline(store).shorten(HOST, PATH, _BODY)
    stored = store.get("verdicts", _KEY)
    assert stored is not None
    yield stored
    yield verdicts.encode(verdicts.decode(stored).kept("file"))


def _original(data: bytes) -> None:
    name = digest(log(60))
    store = _row("originals", bytes.fromhex(name), data)
    try:
        found = store.original(name)
    except StoreError:
        return
    assert found is not None
    assert digest(found.text) == name


def _originals() -> Iterator[bytes]:
    batch = Batch()
    batch.put_original(log(60), Origin("Bash", "cat log"), "/work")
    yield from batch.rows["originals"].values()


def _exchange(at: float) -> ledger.Row:
    return ledger.Row(
        at=at, session="s", agent="a", project="/p", wire="anthropic", model="m", status=200
    )


def _ledger(data: bytes) -> None:
    """Any row beside a sound one: views skip it, sums are rebuilt without it."""
    store = _row("ledger", b"\0" * 12, data)
    sound = _exchange(1e9)
    batch = Batch()
    ledger.append(batch, sound)
    store.write(batch)
    assert sound in list(ledger.rows(store))
    assert sound in list(ledger.of_session(store, "s"))
    sums.rebuild(store)
    assert sums.ever(store, "all")[""].requests >= 1
    sums.sessions(store)


def _ledgers() -> Iterator[bytes]:
    shown = ledger.Shown("9f", "Bash", "ls", "log", "shortened", 900, 90)
    batch = Batch()
    ledger.append(batch, ledger.replace(_exchange(1.0), new=[shown], new_before=900))
    yield from batch.rows["ledger"].values()


def _rest(data: bytes) -> None:
    """Everything else that a request reads of the store, with this in its place."""
    store = _STORES[0]
    store.empty()
    first = _pipeline(store).shorten(HOST, PATH, _BODY)
    assert first.record is not None
    batch = Batch()
    for key in first.record.links:
        batch.put("prefixes", key, data)
    for name in (b"last/" + first.record.root, b"cold", b"calibration/m", b"pruned"):
        batch.put("meta", name, data)
    batch.put("sums", sums.key("all", 0), data)
    store.write(batch)
    later = _pipeline(store)
    found = later.shorten(HOST, PATH, _BODY)
    assert found.body == first.body
    later.settle(found.record, Usage(10, 0, 90, 0, 5), "m", 200)
    sums.ever(store, "all")


TARGETS: dict[str, Target] = {
    "whole requests": Target(_request, _requests),
    "record verdict": Target(_verdict, _verdicts),
    "record original": Target(_original, _originals),
    "record ledger": Target(_ledger, _ledgers),
    "record of the rest": Target(_rest, lambda: [b"", b"\0" * 8, b"\x92\1\2", b"\0" * 18]),
}
