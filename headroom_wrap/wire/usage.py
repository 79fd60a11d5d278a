"""What an answer was billed, read from the provider's own words in whichever form it came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headroom_wrap.types import Usage
from headroom_wrap.wire.spans import sound, value

_WORTH_READING = (b"usage", b"Usage", b'"model"')

# A larger number is no token count, and would not fit the ledger.
_MOST = 1 << 53


# On a WebSocket of the Responses API an exchange is over with one of these.
_ENDS = (b'"response.completed"', b'"response.incomplete"', b'"response.failed"', b'"error"')
_HEAD = 200


def ends(message: bytes) -> bool:
    """Whether a server's message on a WebSocket, whose type stands at its beginning, ends an
    exchange."""
    return any(end in message[:_HEAD] for end in _ENDS)


def billed(body: bytes) -> tuple[Usage | None, str]:
    """What an answer was billed, None where it does not say, and the model that gave it, or "".

    `body` is JSON, server-sent events or a WebSocket message, without content-encoding; it may be
    cut off. Never raises.
    """
    found: dict[str, Any] = {}
    model = ""
    for event in _events(body):
        _add(found, _said(event))
        model = model or _model(event)
    return _usage(found) if found else None, model


def _events(body: bytes) -> Iterator[dict[str, Any]]:
    if body.lstrip()[:1] in (b"{", b"["):
        whole = value(body)
        found = whole if isinstance(whole, list) else [whole]
        yield from (event for event in found if isinstance(event, dict))
        return
    for line in body.splitlines():
        if line.startswith(b"data:") and any(word in line for word in _WORTH_READING):
            event = value(line[5:].strip())
            if isinstance(event, dict):
                yield event


def _model(event: dict[str, Any]) -> str:
    for holder in (event, event.get("message"), event.get("response")):
        name = holder.get("model") if isinstance(holder, dict) else None
        name = name or (isinstance(holder, dict) and holder.get("modelVersion"))
        if isinstance(name, str) and name:
            return sound(name)
    return ""


def _said(event: dict[str, Any]) -> dict[str, Any]:
    for holder in (event, event.get("message"), event.get("response")):
        if isinstance(holder, dict):
            for key in ("usage", "usageMetadata"):
                if isinstance(holder.get(key), dict):
                    return dict(holder[key])
    return {}


def _add(found: dict[str, Any], said: dict[str, Any]) -> None:
    """Merges the usage of one event: later ones repeat counts, as high or higher, or omit them."""
    for key, each in said.items():
        if isinstance(each, dict):
            found[key] = {**_inner(found, key), **each}
        elif _count(said, key) >= _count(found, key):
            found[key] = each


def _usage(said: dict[str, Any]) -> Usage:
    if "promptTokenCount" in said:
        cached = _count(said, "cachedContentTokenCount")
        output = _count(said, "candidatesTokenCount") + _count(said, "thoughtsTokenCount")
        return _split(_count(said, "promptTokenCount"), cached, 0, output)
    if "prompt_tokens" in said:
        details = _inner(said, "prompt_tokens_details")
        cached = _count(details, "cached_tokens") or _count(said, "prompt_cache_hit_tokens")
        written = _count(details, "cache_write_tokens") or _count(details, "cache_creation_tokens")
        output = _count(said, "completion_tokens")
        return _split(_count(said, "prompt_tokens"), cached, written, output)
    if "input_tokens_details" in said or "total_tokens" in said:
        details = _inner(said, "input_tokens_details")
        cached, written = _count(details, "cached_tokens"), _count(details, "cache_write_tokens")
        output = _count(said, "output_tokens")
        return _split(_count(said, "input_tokens"), cached, written, output)
    return _anthropic(said)


def _split(whole: int, cached: int, written: int, output: int) -> Usage:
    """The usage where a prompt's count includes what came from the cache and went there."""
    return Usage(max(whole - cached - written, 0), cached, written, output=output)


def _anthropic(said: dict[str, Any]) -> Usage:
    written = _inner(said, "cache_creation")
    hour = _count(written, "ephemeral_1h_input_tokens")
    whole = _count(said, "cache_creation_input_tokens") or (
        hour + _count(written, "ephemeral_5m_input_tokens")
    )
    return Usage(
        _count(said, "input_tokens"),
        _count(said, "cache_read_input_tokens"),
        max(whole - hour, 0),
        hour,
        _count(said, "output_tokens"),
    )


def _inner(table: dict[str, Any], key: str) -> dict[str, Any]:
    inner = table.get(key)
    return inner if isinstance(inner, dict) else {}


def _count(table: dict[str, Any], key: str) -> int:
    found = table.get(key)
    if not isinstance(found, int) or isinstance(found, bool):
        return 0
    return found if 0 < found < _MOST else 0
