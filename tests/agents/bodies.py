"""Tells tool results from the rest of a request, so that the rest can be compared byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.fake.anthropic_rules import content
from tests.fake.record import Seen

_LITERAL = re.compile(rb'"(?:[^"\\]|\\.)*"')
# Codex writes this one in another order, with other clocks, each time.
_PAIR = rb"%b:%b,?" % (_LITERAL.pattern, _LITERAL.pattern)
_METADATA = re.compile(rb'"client_metadata":\{(?:%b)*\}' % _PAIR)
# What differs between any two runs of the same agent: identities, clocks, checksums of the body.
_VOLATILE = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    rb"|(?:toolu|call|msg|resp|ctc|fc|chatcmpl)_[0-9a-f]{20,}"
    rb"|\bcch=\w+|(?<=create_time.:)[0-9.]+|\b[0-9a-f]{64}\b"
    rb"|Wall time:? [0-9.]+ seconds|Chunk ID: \w+"
    rb"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\dZ]*"
)


def items(request: Seen) -> list[dict[str, Any]]:
    """The conversation as the model reads it, oldest first, cache marks left out."""
    if request.facts["wire"] == "openai-responses":
        return list(request.facts["items"])
    return [_unmarked(message) for message in request.json["messages"]]


def _unmarked(message: dict[str, Any]) -> dict[str, Any]:
    # Claude Code sends the same words now as a string, now as a block.
    inner = message.get("content")
    blocks = [{"type": "text", "text": inner}] if isinstance(inner, str) else inner or []
    bare = [{key: block[key] for key in block if key != "cache_control"} for block in blocks]
    return {**message, "content": bare}


def results(request: Seen) -> dict[str, list[str]]:
    """Tool results by call: the texts of each."""
    found: dict[str, list[str]] = {}
    for item in items(request):
        for call, texts in _results(item):
            found[call] = texts
    return found


def _results(item: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    if item.get("type", "").endswith("_call_output"):
        output = item["output"]
        yield item["call_id"], [output] if isinstance(output, str) else _texts(output)
    elif item.get("role") == "tool":
        yield item["tool_call_id"], _texts(item["content"])
    elif item.get("role") == "user":
        for block in item["content"]:
            if block["type"] == "tool_result" and block.get("content"):
                yield block["tool_use_id"], _texts(content(block))


def _texts(parts: list[dict[str, Any]]) -> list[str]:
    return [part["text"] for part in parts if "text" in part]


def skeleton(request: Seen) -> bytes:
    """The body with tool results and what always differs taken out, every other byte kept."""
    texts = {text for parts in results(request).values() for text in parts}

    def plain(match: re.Match[bytes]) -> bytes:
        return b'"RESULT"' if json.loads(match[0]) in texts else match[0]

    numbers: dict[bytes, int] = {}

    def numbered(match: re.Match[bytes]) -> bytes:
        return b"<%d>" % numbers.setdefault(match[0], len(numbers))

    body = _METADATA.sub(b'"client_metadata":{}', request.body)
    return _VOLATILE.sub(numbered, _LITERAL.sub(plain, body))


def steady(text: str) -> str:
    """A result without its clocks and process identities."""
    return _VOLATILE.sub(b"#", text.encode("utf-8", "surrogatepass")).decode()
