"""Chat Completions, and what aider makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom_wrap import wire
from headroom_wrap.types import Origin
from tests.wire.bodies import CHAT, LOG, chat, only, raw, read

_RAN = "I ran this command:\n\n{}\n\nAnd got this output:\n\n{}\n"


@pytest.mark.parametrize("content", [LOG, [{"type": "text", "text": LOG}]])
def test_results_of_tools(content: object) -> None:
    body = raw(chat(content), compact=False)
    block = only(read(CHAT, body))
    assert (block.text, block.call_id, block.query) == (LOG, "c1", "Find x.")
    assert block.origin == Origin("bash", "grep -rn x src")
    assert wire.splice(body, [(block, LOG)]) == body


@pytest.mark.parametrize("arguments", ["", "{", "[]", '{"command": null}', '"x"'])
def test_odd_arguments(arguments: str) -> None:
    assert only(read(CHAT, chat(LOG, arguments))).origin == Origin("bash")


def test_the_old_way_of_calling_functions() -> None:
    body = chat(LOG)
    body["messages"][2:] = [
        {"role": "assistant", "function_call": {"name": "ls", "arguments": '{"path": "src"}'}},
        {"role": "function", "name": "ls", "content": LOG},
    ]
    assert only(read(CHAT, body)).origin == Origin("ls", "", "src")


def _aider(*texts: str, **more: Any) -> dict[str, Any]:
    messages = [{"role": "system", "content": "Act as an expert."}]
    for text in texts:
        messages += [{"role": "user", "content": text}, {"role": "assistant", "content": "Ok."}]
    return {"model": "gpt-4o", "messages": messages, **more}


@pytest.mark.parametrize("ascii_only", [True, False])
def test_what_a_command_of_aider_printed(ascii_only: bool) -> None:
    text = _RAN.format('grep -rn "é" src', LOG)
    body = raw(_aider("Mend it.", text), ascii_only)
    block = only(read(CHAT, body))
    assert block.text == LOG + "\n"
    assert block.origin == Origin("run", 'grep -rn "é" src')
    assert "Mend it." in block.query
    assert (
        _text(wire.splice(body, [(block, "shorter")]))
        == _RAN.format('grep -rn "é" src', "")[:-1] + "shorter"
    )


def _text(body: bytes) -> str:
    return str(json.loads(body)["messages"][3]["content"])


@pytest.mark.parametrize(
    "text",
    [
        "I have *added these files to the chat*:\n\na.py\n```\n" + LOG,
        "Here are summaries of some files:\n\n" + LOG,
        "Look: " + _RAN.format("ls", LOG),
        "I ran this command:\n\nls\n\n" + LOG,
        "And got this output:\n\n" + LOG,
    ],
)
def test_other_words_of_the_user_are_left_alone(text: str) -> None:
    assert read(CHAT, _aider(text)).blocks == ()


def test_where_there_are_tools_users_speak_for_themselves() -> None:
    tools = [{"type": "function", "function": {"name": "bash"}}]
    assert read(CHAT, _aider(_RAN.format("ls", LOG), tools=tools)).blocks == ()


@pytest.mark.parametrize(
    "path", ["/chat/completions", "/openai/deployments/x/chat/completions?api-version=1"]
)
def test_paths(path: str) -> None:
    assert wire.read("api.individual.githubcopilot.com", path, raw(chat(LOG)))
