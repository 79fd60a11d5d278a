"""What each provider says it billed, in each of its forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap.types import Usage
from headroom_wrap.wire.usage import billed


def _events(*events: object, named: bool = True) -> bytes:
    text = ""
    for event in events:
        kind = event.get("type") if isinstance(event, dict) else None
        text += f"event: {kind}\n" if named and kind else ""
        text += f"data: {json.dumps(event) if event != '[DONE]' else event}\n\n"
    return text.encode()


_ANTHROPIC = {
    "input_tokens": 3,
    "cache_read_input_tokens": 1000,
    "cache_creation_input_tokens": 70,
    "cache_creation": {"ephemeral_5m_input_tokens": 50, "ephemeral_1h_input_tokens": 20},
    "output_tokens": 40,
}
_CHAT = {
    "prompt_tokens": 100,
    "completion_tokens": 7,
    "total_tokens": 107,
    "prompt_tokens_details": {"cached_tokens": 64},
}
_RESPONSES = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 64},
    "output_tokens": 7,
    "total_tokens": 107,
}
_GEMINI = {
    "promptTokenCount": 100,
    "cachedContentTokenCount": 64,
    "candidatesTokenCount": 5,
    "thoughtsTokenCount": 2,
}
_BILLED = Usage(36, 64, output=7)


def _start(**usage: object) -> dict[str, Any]:
    return {"type": "message_start", "message": {"model": "m-1", "usage": usage}}


def _delta(**usage: object) -> dict[str, Any]:
    return {"type": "message_delta", "delta": {}, "usage": usage}


def _completed(usage: object) -> dict[str, Any]:
    return {"type": "response.completed", "response": {"model": "m-1", "usage": usage}}


_CHUNK = {"object": "chat.completion.chunk", "model": "m-1", "choices": [], "usage": None}

CASES: dict[str, tuple[bytes, Usage | None]] = {
    "anthropic, whole": (
        json.dumps({"model": "m-1", "usage": _ANTHROPIC}).encode(),
        Usage(3, 1000, 50, 20, 40),
    ),
    "anthropic, streamed": (
        _events(
            _start(**{**_ANTHROPIC, "output_tokens": 1}),
            {"type": "ping"},
            {"type": "content_block_delta", "delta": {"text": '"usage": {"output_tokens": 9}'}},
            _delta(output_tokens=40),
            {"type": "message_stop"},
        ),
        Usage(3, 1000, 50, 20, 40),
    ),
    "a gateway that says 0 in the end": (
        _events(_start(input_tokens=9, output_tokens=1), _delta(input_tokens=0, output_tokens=5)),
        Usage(9, output=5),
    ),
    "a gateway that says 0 at first": (
        _events(_start(input_tokens=0, output_tokens=0), _delta(input_tokens=9, output_tokens=5)),
        Usage(9, output=5),
    ),
    "cut off in the middle": (
        _events(_start(**_ANTHROPIC))[:-2] + b"\n\nda",
        Usage(3, 1000, 50, 20, 40),
    ),
    "writes without their lifetime": (
        _events(_start(input_tokens=1, cache_creation_input_tokens=8)),
        Usage(1, 0, 8),
    ),
    "chat, whole": (json.dumps({"model": "m-1", "usage": _CHAT}).encode(), _BILLED),
    "chat, streamed": (
        _events(
            {**_CHUNK, "choices": [{"delta": {"content": "a"}}]},
            {**_CHUNK, "usage": _CHAT},
            "[DONE]",
        ),
        _BILLED,
    ),
    "chat without usage": (_events(_CHUNK, "[DONE]"), None),
    "deepseek": (
        json.dumps(
            {
                "model": "m-1",
                "usage": {
                    "prompt_tokens": 100,
                    "prompt_cache_hit_tokens": 64,
                    "completion_tokens": 7,
                },
            }
        ).encode(),
        _BILLED,
    ),
    "openrouter": (
        json.dumps(
            {
                "model": "m-1",
                "usage": {
                    "prompt_tokens": 100,
                    "completion_tokens": 7,
                    "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 30},
                },
            }
        ).encode(),
        Usage(10, 60, 30, 0, 7),
    ),
    "responses, whole": (json.dumps({"model": "m-1", "usage": _RESPONSES}).encode(), _BILLED),
    "responses, streamed": (
        _events(
            {"type": "response.created", "response": {"model": "m-1", "usage": None}},
            _completed(_RESPONSES),
        ),
        _BILLED,
    ),
    "responses, a message of a socket": (json.dumps(_completed(_RESPONSES)).encode(), _BILLED),
    "responses that failed": (json.dumps(_completed(None)).encode(), None),
    "gemini, whole": (
        json.dumps({"modelVersion": "m-1", "usageMetadata": _GEMINI}).encode(),
        _BILLED,
    ),
    "gemini, streamed": (
        _events(
            {"modelVersion": "m-1", "usageMetadata": {"promptTokenCount": 100}},
            {"usageMetadata": _GEMINI},
        ),
        _BILLED,
    ),
    "gemini, as a list": (
        json.dumps([{"modelVersion": "m-1"}, {"usageMetadata": _GEMINI}]).encode(),
        _BILLED,
    ),
    "more from the cache than there was": (
        json.dumps(
            {
                "model": "m-1",
                "usage": {"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}},
            }
        ).encode(),
        Usage(0, 9),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_usage(name: str) -> None:
    body, usage = CASES[name]
    assert billed(body) == (usage, "m-1")


def test_lines_may_end_as_on_windows() -> None:
    body = _events(_start(**_ANTHROPIC)).replace(b"\n", b"\r\n")
    assert billed(body)[0] == Usage(3, 1000, 50, 20, 40)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1, null, {}]",
        b"data: {\ndata: [1]\ndata: null\ndata:",
        b'{"usage": {"input_tokens": -5, "output_tokens": 1e99, "cache_creation": []}}',
        b'{"usage": {"input_tokens": true, "output_tokens": "7", "cache_read_input_tokens": null}}',
        b'{"usage": {"output_tokens": 99999999999999999999999999}}',
        b'{"usage": [], "message": 5, "response": {"usage": 5}}',
        b'{"usage": ' + b'{"a": ' * 100_000,
        b'data: {"usage": {"input_tokens": "\xff"}}',
    ],
)
def test_answers_that_say_nothing(body: bytes) -> None:
    usage, model = billed(body)
    assert usage in (None, Usage())
    assert model == ""


def test_a_model_without_a_name_that_can_be_written() -> None:
    assert billed(b'{"model": "m\\ud83d"}')[1].encode() == b"m?"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "usage usageMetadata message response model prompt_tokens promptTokenCount "
                "input_tokens total_tokens input_tokens_details prompt_tokens_details "
                "cached_tokens cache_creation".split()
            ),
            inner,
            max_size=4,
        )
    ),
)


@settings(deadline=None)
@given(_JSON, st.booleans(), st.integers(0, 200))
def test_any_answer_can_be_read(value: Any, streamed: bool, cut: int) -> None:
    text = json.dumps(value).encode()
    body = (b"data: " + text + b"\n\n" + text)[: -cut or None] if streamed else text
    found, model = billed(body)
    assert found is None or min(found.input, found.cache_read, found.output) >= 0
    assert isinstance(model, str)
