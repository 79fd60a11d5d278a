"""Where the sentence stands in a body, and that no other byte changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom_wrap import tokens
from headroom_wrap.shaper import place
from headroom_wrap.shaper.sentence import SENTENCES
from headroom_wrap.wire.spans import Json
from headroom_wrap.wire.splice import put

_BLOCK = {"type": "text", "text": "S"}
_OWN = {"type": "text", "text": "own", "cache_control": {"type": "ephemeral"}}
_USER = {"role": "user", "content": "hi"}
_DEVELOPER = {
    "type": "message",
    "role": "developer",
    "content": [{"type": "input_text", "text": "S"}],
}
_TOOLS = {"type": "additional_tools", "role": "developer", "tools": []}
CASES: dict[str, tuple[str, Any, Any]] = {
    "no system": ("anthropic", {"messages": [_USER]}, {"system": [_BLOCK]}),
    "a text": (
        "anthropic",
        {"system": "ow\u00fcn", "messages": [_USER]},
        {"system": [{"type": "text", "text": "ow\u00fcn"}, _BLOCK]},
    ),
    "an empty text": ("anthropic", {"system": "", "messages": []}, {"system": [_BLOCK]}),
    "blocks": ("anthropic", {"system": [_OWN], "messages": []}, {"system": [_OWN, _BLOCK]}),
    "no blocks": ("anthropic", {"system": [], "messages": []}, {"system": [_BLOCK]}),
    "messages that lead": (
        "openai_chat",
        {"messages": [{"role": "developer", "content": "own"}, _USER, _USER]},
        {
            "messages": [
                {"role": "developer", "content": "own"},
                {"role": "developer", "content": "S"},
                _USER,
                _USER,
            ]
        },
    ),
    "none that leads": (
        "openai_chat",
        {"messages": [_USER]},
        {"messages": [{"role": "system", "content": "S"}, _USER]},
    ),
    "instructions": (
        "openai_responses",
        {"instructions": "own", "input": [_USER]},
        {"input": [_DEVELOPER, _USER]},
    ),
    "an input that is a text": (
        "openai_responses",
        {"input": "hi"},
        {"input": [_DEVELOPER, {"type": "message", **_USER}]},
    ),
    "code mode": (
        "openai_responses",
        {"input": [_TOOLS, {"role": "developer", "content": "own"}, _USER]},
        {"input": [_TOOLS, {"role": "developer", "content": "own"}, _DEVELOPER, _USER]},
    ),
    "an instruction": (
        "gemini",
        {"systemInstruction": {"parts": [{"text": "own"}]}, "contents": []},
        {"systemInstruction": {"parts": [{"text": "own"}, {"text": "S"}]}},
    ),
    "an instruction in the other spelling": (
        "gemini",
        {"system_instruction": {"parts": [{"text": "own"}]}, "contents": []},
        {"system_instruction": {"parts": [{"text": "own"}, {"text": "S"}]}},
    ),
    "no instruction": (
        "gemini",
        {"contents": [1]},
        {"systemInstruction": {"parts": [{"text": "S"}]}},
    ),
    "a request in a wrapper": (
        "gemini",
        {"model": "g", "request": {"contents": []}},
        {"request": {"contents": [], "systemInstruction": {"parts": [{"text": "S"}]}}},
    ),
}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", CASES)
def test_it_is_a_block_of_its_own_behind_what_leads(name, indent):
    wire, given, expected = CASES[name]
    body = json.dumps(given, indent=indent).encode()
    edit = place.edit(wire, Json(body), "S")
    assert edit is not None
    assert json.loads(put(body, [edit])) == {**given, **expected}
    # Whatever is replaced stands inside what comes in its place, byte for byte.
    (start, end), new = edit
    assert body[start:end].strip(b'[]{}\n "') in new


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        ("anthropic", b'{"system":null,"messages":[]}'),
        ("anthropic", b'{"system":{"a":1},"messages":[]}'),
        ("anthropic", b'{"system":[1,],"messages":[]}'),
        ("openai_chat", b'{"messages":[{"role":"system","content":"x"}]}'),
        ("openai_responses", b'{"input":[]}'),
        ("gemini", b'{"cachedContent":"c","contents":[]}'),
        ("gemini", b'{"systemInstruction":"x","contents":[]}'),
        ("gemini", b"{}"),
        ("other", b'{"messages":[]}'),
    ],
)
def test_where_there_is_no_place_nothing_is_added(wire, body):
    assert place.edit(wire, Json(body), "S") is None


@pytest.mark.parametrize("sentence", SENTENCES.values())
def test_it_is_short(sentence):
    assert tokens.count(sentence) <= 20


def test_what_was_said_once_is_never_worded_anew():
    assert SENTENCES[1] == (
        "Keep replies to the user brief: no preamble, no recap, no restated code."
    )
