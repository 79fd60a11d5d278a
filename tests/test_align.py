"""Clients that leave the cache to chance; those that manage it are left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_wrap import align

ANTHROPIC = ("api.anthropic.com", "/v1/messages")
CHAT = ("api.openai.com", "/v1/chat/completions")
LONG = "You are an agent. " * 300
MARK = {"type": "ephemeral"}
TOOLS = [{"name": "write"}, {"name": "read"}]


def sent(where: tuple[str, str], **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(align.aligned(*where, json.dumps(body).encode()))
    return found


def test_anthropic_is_marked_behind_the_system_and_behind_the_last_message() -> None:
    ask = {"role": "user", "content": "Go"}
    found = sent(ANTHROPIC, model="m", system=LONG, tools=TOOLS, messages=[ask])
    assert found["system"] == [{"type": "text", "text": LONG, "cache_control": MARK}]
    [message] = found["messages"]
    assert message["content"] == [{"type": "text", "text": "Go", "cache_control": MARK}]
    assert [tool["name"] for tool in found["tools"]] == ["read", "write"]


def test_the_last_block_of_a_list_is_marked() -> None:
    blocks = [{"type": "tool_result", "content": LONG}, {"type": "text", "text": "x"}]
    found = sent(ANTHROPIC, messages=[{"role": "user", "content": blocks}])
    assert found["messages"][0]["content"] == [blocks[0], {**blocks[1], "cache_control": MARK}]


def test_openai_gets_one_key_for_a_conversation() -> None:
    talk = [{"role": "system", "content": LONG}, {"role": "user", "content": "Go"}]
    first = sent(CHAT, model="m", messages=talk)["prompt_cache_key"]
    more = [*talk, {"role": "assistant", "content": "Done"}]
    assert sent(CHAT, model="m", messages=more)["prompt_cache_key"] == first
    other = [talk[0], {"role": "user", "content": "Stop"}]
    assert sent(CHAT, model="m", messages=other)["prompt_cache_key"] != first


@pytest.mark.parametrize(
    ("where", "body"),
    [
        (ANTHROPIC, {"system": [{"type": "text", "text": LONG, "cache_control": MARK}]}),
        (CHAT, {"prompt_cache_key": "mine", "messages": [{"content": LONG}]}),
        (ANTHROPIC, {"system": "short", "messages": []}),
        (("openrouter.ai", "/v1/chat/completions"), {"messages": [{"content": LONG}]}),
        (ANTHROPIC, [LONG]),
        (ANTHROPIC, {"messages": 5, "system": LONG}),
        (ANTHROPIC, {"tools": [1], "system": LONG}),
        # Alone, this cannot carry a mark; key order and blanks are kept where nothing is done.
        (ANTHROPIC, {"system": 5, "messages": [{"content": LONG}]}),
    ],
)
def test_what_is_left_alone(where: tuple[str, str], body: Any) -> None:
    raw = json.dumps(body).encode()
    assert align.aligned(*where, raw) == raw


def test_values_stay_as_they_were_written() -> None:
    raw = b'{"temperature": 1.0e0, "system": "%s \\u00e9\\/", "messages": []}' % LONG.encode()
    found = align.aligned(*ANTHROPIC, raw)
    assert b"1.0e0" in found
    assert b'\\u00e9\\/"' in found


def test_what_changes_each_time_is_named() -> None:
    system = "Today is 2026-11-25.\nSession 0d3dfe05-1111-2222-3333-444455556666\n M src/a.py\nGo."
    assert align.volatile(json.dumps({"system": system}).encode())[1] == [
        "2026-11-25",
        "0d3dfe05-1111-2222-3333-444455556666",
        " M src/a.py",
    ]


def test_the_rest_of_a_prompt_has_one_hash() -> None:
    bodies = [
        json.dumps({"messages": [{"role": "system", "content": f"It is {day}. Go."}]}).encode()
        for day in ("2026-11-25", "2026-11-26")
    ]
    assert len({align.volatile(body)[0] for body in bodies}) == 1
    assert [align.volatile(body)[1] for body in bodies] == [["2026-11-25"], ["2026-11-26"]]


@given(st.binary() | st.text().map(str.encode))
def test_any_body_passes(body: bytes) -> None:
    padded = body + b" " * 5000
    assert align.aligned(*ANTHROPIC, padded) or not padded
    assert align.volatile(body) is not None


DATED = f"{LONG}\nToday is 2026-11-25.\nBe brief."


def put(path: str, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(align.moved(path, json.dumps(body).encode()))
    return found


@pytest.mark.parametrize("content", ["Go", [{"type": "text", "text": "Go"}]])
def test_what_is_new_each_time_goes_behind_the_prompt(content: Any) -> None:
    ask = {"role": "user", "content": content}
    found = put("/v1/messages", system=DATED, messages=[ask])
    assert found["system"] == f"{LONG}\nBe brief."
    texts = [block["text"] for block in found["messages"][-1]["content"]]
    assert texts == ["Go", "Today is 2026-11-25."]


def test_in_chats_it_is_a_message_of_its_own_at_the_end() -> None:
    messages = [{"role": "system", "content": DATED}, {"role": "user", "content": "Go"}]
    found = put("/v1/chat/completions", messages=messages)
    assert found["messages"][0]["content"] == f"{LONG}\nBe brief."
    assert found["messages"][1:] == [
        messages[1],
        {"role": "system", "content": "Today is 2026-11-25."},
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"system": LONG, "messages": [{"role": "user", "content": "Go"}]},
        {"system": "2026-11-25", "messages": [{"role": "user", "content": "Go"}]},
        {"system": DATED, "messages": [{"role": "assistant", "content": "Go"}]},
        {"system": DATED, "messages": []},
        {"system": [{"text": DATED, "cache_control": MARK}], "messages": [{"role": "user"}]},
    ],
)
def test_where_there_is_nothing_to_move_nothing_changes(body: dict[str, Any]) -> None:
    raw = json.dumps(body).encode()
    assert align.moved("/v1/messages", raw) is raw
