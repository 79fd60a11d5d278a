"""A body is read the same whatever was read earlier; only what is new in it is gone through."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_wrap import wire
from headroom_wrap.wire import again
from tests.wire.bodies import CHAT, GEMINI, LOG, MESSAGES, RESPONSES, raw

PATHS = {"anthropic": MESSAGES, "chat": CHAT, "responses": RESPONSES, "gemini": GEMINI}
RAN = "I ran this command:\n\nls\n\nAnd got this output:\n\na\nb"
TEXTS = st.sampled_from([LOG, "plain", 'a "quoted" \\ one', RAN])
MARK = {"type": "ephemeral"}


def exchange(kind: str, name: str, text: str) -> list[dict[str, Any]]:
    """A call, and its result with this text."""
    if kind == "anthropic":
        use = {"type": "tool_use", "id": name, "name": "Bash", "input": {"command": f"do {text}"}}
        back = {"type": "tool_result", "tool_use_id": name, "content": text}
        return [{"role": "assistant", "content": [use]}, {"role": "user", "content": [back]}]
    if kind == "chat":
        function = {"name": "sh", "arguments": '{"command":"ls"}'}
        call = {"id": name, "type": "function", "function": function}
        said = {"role": "assistant", "content": text, "tool_calls": [call]}
        return [said, {"role": "tool", "tool_call_id": name, "content": text}]
    if kind == "responses":
        call = {"type": "function_call", "call_id": name, "name": "sh", "arguments": "{}"}
        return [call, {"type": "function_call_output", "call_id": name, "output": text}]
    call, back = {"name": "sh", "args": {"command": name}}, {"name": "sh", "response": {"o": text}}
    parts = {"functionCall": call}, {"functionResponse": back}
    return [{"role": role, "parts": [p]} for role, p in zip(("model", "user"), parts, strict=True)]


def question(kind: str, text: str) -> dict[str, Any]:
    if kind == "gemini":
        return {"role": "user", "parts": [{"text": text}]}
    return {"role": "user", "content": text}


def body(kind: str, messages: list[dict[str, Any]], typed: bool = False, **more: object) -> bytes:
    """A whole body; the tools stand behind the messages, as some clients write them."""
    key = {"responses": "input", "gemini": "contents"}.get(kind, "messages")
    tools = {} if typed else {"tools": [{"name": "sh"}]}
    return raw({"model": "m", key: messages, **tools, **more}, ascii_only=bool(more))


CHANGES = st.sampled_from(["grow", "grow", "rewind", "mark", "edit", "typed", "spell", "model"])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(PATHS)), st.lists(st.tuples(CHANGES, TEXTS), max_size=12))
def test_whatever_came_before_a_body_reads_the_same(kind, steps):
    messages = [question(kind, "Find x."), *exchange(kind, "t0", LOG)]
    more: dict[str, Any] = {}
    readings: list[wire.Reading] = []
    for number, (change, text) in enumerate(steps):
        messages = copy.deepcopy(messages)
        if change == "grow":
            messages += [*exchange(kind, f"t{number % 5}", text), question(kind, text)]
        elif change == "rewind":
            messages = [*messages[:-2], question(kind, text)]
        elif change == "mark":
            messages[-1]["cache_control"] = MARK
        elif change == "edit":
            messages[len(messages) // 2] = question(kind, text)
        elif change == "spell":
            more = {} if more else {"stream": True}
        made = body(kind, messages, change == "typed", **more)
        if change == "model":
            made = made.replace(b'"model":"m"', b'"model":"n"')
        found = wire.read_after("host", PATHS[kind], made, readings)
        plain = wire.read("host", PATHS[kind], made)
        assert (found and (found[0].wire, found[0].turn)) == plain
        if found:
            readings = [*readings[-2:], found[0]]


@pytest.mark.parametrize("kind", ["anthropic", "chat", "responses"])
def test_only_what_is_new_is_gone_through(kind):
    first = [question(kind, "Find x."), *exchange(kind, "t1", LOG), *exchange(kind, "t2", LOG)]
    [before, _] = wire.read_after("host", PATHS[kind], body(kind, first), [])
    longer = body(kind, [*first, *exchange(kind, "t3", "new")])
    [found, nearest] = wire.read_after("host", PATHS[kind], longer, [before])
    assert nearest is before
    # One message is read once more.
    assert found.kept == len(first) - 1
    assert all(a is b for a, b in zip(found.turn.blocks, before.turn.blocks[:1], strict=False))


@pytest.mark.parametrize(
    "tail",
    [b"", b"]", b"]}}", b',{"role":"user"}', b'],"messages":[]}', b'],"model":"\xff"}', b",]}"],
)
def test_an_unsound_end_is_unsound_with_a_known_beginning_too(tail):
    messages = [question("anthropic", "Find x."), *exchange("anthropic", "t1", LOG)]
    whole = body("anthropic", messages, typed=True)
    [before, _] = wire.read_after("host", MESSAGES, whole, [])
    broken = whole.removesuffix(b"]}") + tail
    assert wire.read("host", MESSAGES, broken) is None
    assert wire.read_after("host", MESSAGES, broken, [before]) is None


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(1, 2000))
def test_what_two_bodies_begin_with(one, other, times):
    one = one * times
    count = again.shared(one, one + other)
    assert count >= len(one)
    assert again.shared(one, one[: len(one) // 2] + b"\0" + other) >= len(one) // 2
