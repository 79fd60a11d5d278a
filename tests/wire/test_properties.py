"""Over any body: spans point at what they say, only they change, and nothing ever raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import wire
from headroom_wrap.types import Turn
from headroom_wrap.wire.spans import Json, offset
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

# Lone surrogates and NULs come out of real programs, and clients send them on.
TEXTS = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    st.sampled_from('ab"\\/\n\t\0ü€😀\ud83d\ude00\x7f\u2028{}[]:')
)
_RAN = "I ran this command:\n\nls\n\nAnd got this output:\n\n"
SHAPES: dict[str, tuple[str, Callable[[str], Any], Callable[[Any], str]]] = {
    "anthropic": (MESSAGES, anthropic, lambda b: b["messages"][2]["content"][0]["content"]),
    "anthropic, parts": (
        MESSAGES,
        lambda text: anthropic([{"type": "text", "text": text}]),
        lambda b: b["messages"][2]["content"][0]["content"][0]["text"],
    ),
    "chat": (CHAT, chat, lambda b: b["messages"][3]["content"]),
    "aider": (
        CHAT,
        lambda text: {"messages": [{"role": "user", "content": _RAN + text}]},
        lambda b: b["messages"][0]["content"].removeprefix(_RAN),
    ),
    "responses": (RESPONSES, responses, lambda b: b["input"][3]["output"]),
    "responses, header": (
        RESPONSES,
        lambda text: responses(HEADER.format(code=0) + text),
        lambda b: b["input"][3]["output"].removeprefix(HEADER.format(code=0)),
    ),
    "responses, quoted": (
        RESPONSES,
        lambda text: responses(json.dumps({"output": text, "exit_code": 0}, ensure_ascii=False)),
        lambda b: json.loads(b["input"][3]["output"])["output"],
    ),
    "responses, quoted, escaped": (
        RESPONSES,
        lambda text: responses(json.dumps({"a": "ü", "output": text, "z": "\ud83d"})),
        lambda b: json.loads(b["input"][3]["output"])["output"],
    ),
    "gemini": (
        GEMINI,
        lambda text: gemini({"output": text}),
        lambda b: b["contents"][2]["parts"][0]["functionResponse"]["response"]["output"],
    ),
}


def _spelled(value: Any, ascii_only: bool) -> bytes:
    """Raw surrogates are no UTF-8: clients that do not escape letters escape these."""
    text = json.dumps(value, ensure_ascii=ascii_only)
    return "".join(f"\\u{ord(c):04X}" if "\ud800" <= c <= "\udfff" else c for c in text).encode()


def _turn(path: str, body: bytes) -> Turn:
    found = wire.read("host", path, body)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("shape", SHAPES)
@settings(deadline=None)
@given(TEXTS, TEXTS, st.booleans())
def test_only_the_result_changes(shape: str, text: str, new: str, ascii_only: bool) -> None:
    path, make, result = SHAPES[shape]
    body = _spelled(make(text), ascii_only)
    # Two lone halves side by side are one character once they have been on a wire.
    sent = result(json.loads(body))
    blocks = _turn(path, body).blocks
    if not blocks:
        assert not sent or shape == "anthropic"
        return
    if len(blocks) == 1 and blocks[0].text == sent:
        assert result(json.loads(wire.splice(body, [(blocks[0], new)]))) == _joined(new)
    kept = [(block, block.text) for block in blocks]
    assert result(json.loads(wire.splice(body, kept))) == sent
    for block in blocks:
        assert body[: block.span[0]] == wire.splice(body, [(block, new)])[: block.span[0]]
        assert wire.splice(body, [(block, new)]).endswith(body[block.span[1] :])


def _joined(text: str) -> str:
    return str(json.loads(json.dumps(text)))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shapes_hold_the_result_they_say(shape: str) -> None:
    path, make, result = SHAPES[shape]
    body = _spelled(make('x "1"\nü'), False)
    assert [block.text for block in _turn(path, body).blocks] == ['x "1"\nü']
    assert result(json.loads(body)) == 'x "1"\nü'


@pytest.mark.parametrize("shape", SHAPES)
@settings(deadline=None)
@given(st.data())
def test_a_damaged_body_is_never_trouble(shape: str, data: st.DataObject) -> None:
    path, make, _ = SHAPES[shape]
    body = _spelled(make("x\n" * 40), data.draw(st.booleans()))
    at = data.draw(st.integers(0, len(body) - 1))
    piece = data.draw(
        st.binary(max_size=3) | st.sampled_from([b'"', b"\\", b"{", b"]", b",", b"\xff"])
    )
    _sound(path, data.draw(st.sampled_from([body[:at], body[:at] + piece + body[at + 1 :]])))


_KEYS = st.sampled_from(
    "messages role content type tool_result tool_use_id text input output call_id name id parts "
    "contents functionResponse functionCall response arguments tool_calls function model metadata "
    "action command path error is_error stream tools args".split()
)
_WORDS = _KEYS | st.sampled_from(
    "user assistant tool model tool_use function_call_output custom_tool_call_output input_text "
    "function_call custom_tool_call local_shell_call message".split()
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=30,
)


@settings(deadline=None)
@given(st.sampled_from([MESSAGES, CHAT, RESPONSES, GEMINI]), _KEYS, st.lists(_JSON))
def test_a_body_of_the_wrong_shapes_is_never_trouble(path: str, key: str, items: list[Any]) -> None:
    top = {MESSAGES: "messages", CHAT: "messages", RESPONSES: "input", GEMINI: "contents"}[path]
    _sound(path, raw({"model": "m", key: None, top: items}))
    _sound(path, raw(items))


@settings(deadline=None)
@given(st.sampled_from([MESSAGES, CHAT, RESPONSES, GEMINI, "", "/", "?", "\0"]), st.binary())
def test_junk_is_never_trouble(path: str, body: bytes) -> None:
    _sound(path, body)


def _sound(path: str, body: bytes) -> None:
    found = wire.read("host", path, body)
    if found is None:
        return
    turn = found[1]
    edges = [at for block in turn.blocks for at in block.span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in (block.span for block in turn.blocks))
    if not _reads(body):
        return
    spliced = wire.splice(body, [(block, block.text) for block in turn.blocks])
    assert json.loads(spliced) == json.loads(body)


def _reads(body: bytes) -> bool:
    try:
        json.loads(body.decode())
    except (ValueError, RecursionError):
        return False
    return True


@pytest.mark.parametrize("path", [MESSAGES, CHAT, RESPONSES, GEMINI])
@pytest.mark.parametrize(
    "value",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b'[{"role":"user","content":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        b'["' + b"\\u0000" * 100_000 + b'"]',
        b'[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"b","input":{"x":'
        + b"[" * 900
        + b"]" * 900
        + b"}}]}]",
        b"[" + b"9" * 100_000 + b"]",
    ],
)
def test_deep_and_wide_bodies(path: str, value: bytes) -> None:
    for key in (b"messages", b"input", b"contents"):
        _sound(path, b'{"' + key + b'":' + value + b"}")


@pytest.mark.parametrize(
    "text",
    [
        "<system-reminder>" * 60_000,
        "<system-reminder></system-reminder>\n" * 30_000,
        "I ran this command:\n\n" * 50_000,
        "\n\nAnd got this output:" * 50_000,
        "Wall time: 1\n" * 80_000,
        '{"output": "' * 80_000,
        "\\" * 1_000_000,
        "\ud83d" * 300_000,
        " " * 1_000_000,
    ],
)
def test_repetitive_texts_are_read_in_one_go(text: str) -> None:
    """What takes squared time would not end within this test's patience."""
    body = raw(anthropic(text), ascii_only=True).replace(b'"Find x."', json.dumps(text).encode())
    _sound(MESSAGES, body)
    _sound(CHAT, raw(chat(text, arguments=text), ascii_only=True))
    call = {"type": "custom_tool_call", "call_id": "c1", "name": "exec", "input": text}
    _sound(RESPONSES, raw(responses(json.dumps({"output": text}), call), ascii_only=True))


@settings(deadline=None)
@given(TEXTS, st.booleans(), st.integers(0, 30))
def test_offsets_count_characters(text: str, ascii_only: bool, count: int) -> None:
    body = _spelled(text, ascii_only)
    sent = Json(body).text((0, len(body)))
    count = min(count, len(sent))
    at = offset(body[1:-1], sent, count)
    assert json.loads(b'"' + body[1:-1][:at] + b'"') == sent[:count]
