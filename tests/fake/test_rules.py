"""The fake is only worth having while it refuses what the real providers refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake import anthropic_rules, chat, responses, script
from tests.fake.cache import PrefixCache
from tests.fake.exchange import RefusedError
from tests.fake.script import Step

_CALL = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}
_RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "out"}
_TEXT = {"type": "text", "text": "words"}
_SEAL = anthropic_rules.signature("why")
_THOUGHT = {"type": "thinking", "thinking": "why", "signature": _SEAL}
_MARK = {"cache_control": {"type": "ephemeral"}}


def _messages(*turns: list[dict[str, Any]]) -> dict[str, Any]:
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": turn} for at, turn in enumerate(turns)]
    return {"model": "m", "max_tokens": 1, "messages": messages}


def test_a_sound_conversation_passes() -> None:
    anthropic_rules.check(_messages([_TEXT], [_THOUGHT, _TEXT, _CALL], [_RESULT, _TEXT]))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"model": "m", "messages": [_TEXT]}, "max_tokens"),
        (_messages([_TEXT], [_CALL], [_TEXT]), "without `tool_result`"),
        (_messages([_TEXT], [_CALL]), "without `tool_result`"),
        (_messages([_TEXT], [_TEXT], [_RESULT]), "unexpected `tool_use_id`"),
        (_messages([_TEXT], [_CALL], [_TEXT, _RESULT]), "must come first"),
        (_messages([_TEXT], [_CALL], [_RESULT, _RESULT]), "unexpected `tool_use_id`"),
        (_messages([_TEXT], [_TEXT, _THOUGHT]), "before other blocks"),
        (_messages([_TEXT], [{**_THOUGHT, "thinking": "else"}, _TEXT]), "Invalid `signature`"),
        (_messages([{"type": "text", "text": ""}]), "non-empty"),
        (_messages([{**_TEXT, **_MARK}] * 5), "maximum of 4"),
        ({**_messages([_TEXT]), "tools": [{"name": "a"}] * 2}, "unique"),
    ],
)
def test_anthropic_refuses(body: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        anthropic_rules.check(body)


_SAID = {"role": "assistant", "tool_calls": [{"id": "c1", "function": {}}]}


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "tool", "tool_call_id": "c1", "content": "out"}],
        [_SAID],
        [_SAID, {"role": "user", "content": "and?"}],
        [{"role": "narrator", "content": "then"}],
    ],
)
def test_chat_refuses(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(RefusedError):
        chat.check({"model": "m", "messages": messages})


@pytest.mark.parametrize(
    "items",
    [
        [{"type": "function_call", "call_id": "c1"}],
        [{"type": "function_call_output", "call_id": "c1"}],
        [
            {"type": "custom_tool_call", "call_id": "c1"},
            {"type": "function_call_output", "call_id": "c1"},
        ],
    ],
)
def test_responses_refuses(items: list[dict[str, Any]]) -> None:
    with pytest.raises(RefusedError):
        responses.check(items)


@pytest.mark.parametrize(
    ("prompt", "turns"),
    [
        ("no script", None),
        ("[[S: bash a | head -3 | text b]]", [[Step("bash", "a | head -3")], [Step("text", "b")]]),
        ("[[S: bash a ;; bash b]]", [[Step("bash", "a"), Step("bash", "b")]]),
        ("[[S: text old]] [[S: read x.py]]", [[Step("read", "x.py")]]),
    ],
)
def test_scripts(prompt: str, turns: list[list[Step]] | None) -> None:
    assert script.parse(prompt) == turns


def test_a_changed_prefix_costs_what_it_costs() -> None:
    cache = PrefixCache()
    parts = ["a" * 4000, "b" * 4000, "c" * 400]
    assert cache.marked(parts, [1]).written == 2000
    assert cache.marked(parts, [1]).read == 2000
    assert cache.marked(["x" + parts[0], *parts[1:]], [1]).read == 0
    assert cache.automatic(parts).read == 1920
    assert cache.automatic([*parts, "d"]).read == 2048
