"""Request bodies and answers of every API, spelled by anybody."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain
from typing import Any

import zstandard

from headroom_wrap import align, prefix, wire
from headroom_wrap.coding import LARGE, decoded
from headroom_wrap.gateway.inject import Inject
from headroom_wrap.store import ephemeral
from headroom_wrap.wire.usage import billed
from tests.compressors.cases import cases
from tests.fuzz.target import Target
from tests.wire.bodies import (
    CHAT,
    GEMINI,
    HEADER,
    MESSAGES,
    RESPONSES,
    anthropic,
    chat,
    gemini,
    raw,
    responses,
)

_PATHS = {"anthropic": MESSAGES, "chat": CHAT, "responses": RESPONSES, "gemini": GEMINI}
_TEXT = 'a "b"\n\tc: 1\x1b[0m \\ ü 😀\n'
_CODINGS = ("gzip", "deflate", "zstd", "br", "other")


def _made(name: str, text: str) -> list[object]:
    quoted = json.dumps({"output": text, "exit_code": 0})
    return {
        "anthropic": [anthropic(text), anthropic([{"type": "text", "text": text}])],
        "chat": [chat(text), chat([{"type": "text", "text": text}])],
        "responses": [responses(text), responses(HEADER.format(code=0) + text), responses(quoted)],
        "gemini": [gemini({"output": text})],
    }[name]


def bodies(name: str) -> Iterator[bytes]:
    """Sound bodies of an API, around texts of all kinds."""
    texts = [_TEXT, *(case.text[:3_000] for case in cases())][::7]
    for text in texts:
        for body in _made(name, text):
            yield raw(body, ascii_only=len(text) % 2 == 0)


def _reads(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return False
    return True


def _same(one: Any, other: Any) -> bool:
    """Whether two values say the same, JSON texts inside strings spelled in any way."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return _reads(one.encode("utf-8", "surrogatepass")) and json.loads(one) == json.loads(other)
    return bool(one == other or one != one)


def _read(path: str) -> Callable[[bytes], None]:
    def check(body: bytes) -> None:
        found = wire.read("host", path, body)
        if found is None:
            return
        turn = found[1]
        edges = [at for block in turn.blocks for at in block.span]
        assert edges == sorted(edges)
        links = prefix.chain(body, turn, {})
        assert len(links) <= len(turn.messages)
        spliced = wire.splice(body, [(block, block.text) for block in turn.blocks])
        for start, end in (block.span for block in turn.blocks[:1]):
            assert spliced.startswith(body[:start])
            assert spliced.endswith(body[turn.blocks[-1].span[1] :]), end
        if _reads(body):
            assert _same(json.loads(spliced), json.loads(body))
            changed = wire.splice(body, [(block, 'new "\\\n\ud800') for block in turn.blocks])
            json.loads(changed)
            again = wire.read("host", path, changed)
            assert again is None or len(again[1].messages) == len(turn.messages)

    return check


def _usage(data: bytes) -> None:
    found, model = billed(data)
    assert found is None or min(found.input, found.cache_read, found.output) >= 0
    assert isinstance(model, str)


def _answers() -> Iterator[bytes]:
    start = {"type": "message_start", "message": {"model": "m", "usage": {"input_tokens": 5}}}
    call = {"type": "tool_use", "id": "t", "name": "headroom_retrieve", "input": {}}
    rows = [
        start,
        {"type": "content_block_start", "index": 0, "content_block": call},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {}},
        {"type": "message_stop"},
    ]
    yield b"".join(b"event: %s\ndata: %s\n\n" % (r["type"].encode(), raw(r)) for r in rows)  # type: ignore[attr-defined]
    function = {"name": "headroom_retrieve", "arguments": '{"hash": "9f3a1c2b"}'}
    delta = {"tool_calls": [{"index": 0, "id": "c", "function": function}]}
    chunk = {"choices": [{"index": 0, "delta": delta, "finish_reason": None}], "usage": {"a": 1}}
    yield b"data: %s\n\ndata: [DONE]\n\n" % raw(chunk)
    item = {"type": "function_call", "call_id": "c", **function}
    done = {"type": "response.output_item.done", "output_index": 0, "item": item}
    whole = {"type": "response.completed", "response": {"output": [item], "usage": {"x": 1}}}
    yield b"".join(b"event: %s\ndata: %s\n\n" % (r["type"].encode(), raw(r)) for r in (done, whole))  # type: ignore[attr-defined]
    yield raw({"model": "m", "content": [call], "usage": {"output_tokens": 3}})


def _aligned(body: bytes) -> None:
    for host, path in (("api.anthropic.com", MESSAGES), ("api.openai.com", CHAT)):
        given = body + b" " * 4096
        found = align.aligned(host, path, align.moved(path, given))
        if _reads(given):
            json.loads(found)
        align.volatile(given)


def _unpacked(data: bytes) -> None:
    coding = _CODINGS[data[0] % len(_CODINGS)] if data else ""
    assert len(decoded(data[1:], coding)) <= max(LARGE, len(data))


def _packed() -> Iterator[bytes]:
    body = raw(anthropic(_TEXT * 100))
    yield b"\0" + gzip.compress(body)
    yield b"\2" + zstandard.ZstdCompressor().compress(body)


_INJECT = Inject(ephemeral())


def _declared(path: str) -> Callable[[bytes], None]:
    def check(body: bytes) -> None:
        found = _INJECT.prepare(path, body)
        if _reads(body):
            json.loads(found)

    return check


def _passed_on(path: str) -> Callable[[bytes], None]:
    """Whatever a provider answers goes on to the client, and nothing is waited for."""

    async def pieces(data: bytes) -> AsyncIterator[bytes]:
        for at in range(0, len(data), 50):
            yield data[at : at + 50]

    async def post(body: bytes) -> AsyncIterator[bytes]:
        return pieces(b"")

    async def read(data: bytes) -> bytes:
        stream = _INJECT.answer(path, b'{"messages": [{}], "input": [{}]}', pieces(data), post)
        return b"".join([piece async for piece in stream])

    def check(data: bytes) -> None:
        found = asyncio.run(read(data))
        # Events end in the order of the protocol.
        if not any(word in data for word in (b"headroom_retrieve", b"data:", b"[DONE]")):
            assert found == data

    return check


TARGETS: dict[str, Target] = {
    **{
        f"wire {name}": Target(_read(path), lambda name=name: bodies(name))  # type: ignore[misc]
        for name, path in _PATHS.items()
    },
    "usage": Target(_usage, _answers),
    "align": Target(_aligned, lambda: chain(bodies("anthropic"), bodies("chat"))),
    "content-encoding": Target(_unpacked, _packed),
    **{
        f"injected tool, request {name}": Target(
            _declared(_PATHS[name]), lambda name=name: bodies(name)
        )  # type: ignore[misc]
        for name in ("anthropic", "chat", "responses")
    },
    **{
        f"injected tool, answer {name}": Target(_passed_on(_PATHS[name]), _answers)
        for name in ("anthropic", "chat", "responses")
    },
}
