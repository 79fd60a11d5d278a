"""Anthropic Messages: which texts are results, and what they are of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom_wrap import wire
from headroom_wrap.types import Origin
from tests.wire.bodies import LOG, MESSAGES, anthropic, only, raw, read


@pytest.mark.parametrize(
    "content",
    [
        LOG,
        [{"type": "text", "text": LOG}],
        [{"type": "image", "source": {}}, {"type": "text", "text": LOG}],
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_result_is_a_string_or_text_parts(content: object, ascii_only: bool) -> None:
    body = raw(anthropic(content), ascii_only)
    block = only(read(MESSAGES, body))
    assert (block.text, block.call_id, block.error) == (LOG, "t1", False)
    assert block.origin == Origin("Bash", "grep -rn x src")
    assert block.query == "Find x.\nI look."
    assert wire.splice(body, [(block, LOG)]) == body


@pytest.mark.parametrize(
    ("name", "given", "origin"),
    [
        ("Read", {"file_path": "/a/b.py", "limit": 3}, Origin("Read", "", "/a/b.py")),
        ("Grep", {"pattern": "def x", "path": "src"}, Origin("Grep", "", "src")),
        ("mcp__db__rows", {"table": "t"}, Origin("mcp__db__rows")),
        ("bash", {"command": ["bash", "-lc", "ls | head"]}, Origin("bash", "ls | head")),
        ("bash", {"command": ["rm", "a b"]}, Origin("bash", "rm 'a b'")),
        ("shell", {"commands": ["ls", "pwd"]}, Origin("shell", "ls\npwd")),
        (
            "str_replace_based_edit_tool",
            {"command": "view", "path": "/a.py"},
            Origin("str_replace_based_edit_tool", "", "/a.py"),
        ),
        (
            "mcp__headroom__headroom_retrieve",
            {"hash": "9f3a1c2b"},
            Origin("mcp__headroom__headroom_retrieve", "headroom get 9f3a1c2b"),
        ),
        ("Odd", {"command": 5, "path": ["x"]}, Origin("Odd")),
        ("Odd", "no object", Origin("Odd")),
        ("Bash", {"command": "echo \ud83d"}, Origin("Bash", "echo ?")),
    ],
)
def test_the_call_says_what_a_result_is_of(name: str, given: object, origin: Origin) -> None:
    body = raw(anthropic(LOG, call={"name": name, "input": given}), ascii_only=True)
    assert only(read(MESSAGES, body)).origin == origin


def test_what_a_search_looked_for_is_part_of_the_query() -> None:
    call = {"name": "Grep", "input": {"pattern": "frobnicate", "path": "src"}}
    assert "frobnicate" in only(read(MESSAGES, anthropic(LOG, call=call))).query


def test_errors_are_flagged() -> None:
    assert only(read(MESSAGES, anthropic(LOG, is_error=True))).error
    assert not only(read(MESSAGES, anthropic(LOG, is_error="yes"))).error


@pytest.mark.parametrize(
    "text",
    [
        "<system-reminder>[Truncated: PARTIAL view]</system-reminder>\n{}",
        "{}\n\n<system-reminder>\nBe careful.\n</system-reminder>\n",
        "{}\n<system-reminder>a</system-reminder>\n\n<system-reminder>b</system-reminder>",
        "<system-reminder>a</system-reminder>\n{}<system-reminder>b</system-reminder>"
        "<system-reminder>c</system-reminder>",
    ],
)
def test_reminders_around_a_result_are_left_alone(text: str) -> None:
    body = raw(anthropic(text.format("ü 1\nx")))
    block = only(read(MESSAGES, body))
    assert block.text == "ü 1\nx"
    assert wire.splice(body, [(block, "short")]).count(b"system-reminder") == body.count(
        b"system-reminder"
    )


@pytest.mark.parametrize("content", ["{}", [{"type": "text", "text": "{}"}]])
@pytest.mark.parametrize(
    "note", ["<shellId: 3 completed with exit code {}>", "<exited with exit code {}>"]
)
@pytest.mark.parametrize("code", [0, 2, -1])
def test_a_note_on_how_a_command_ended_is_left_alone(content: Any, note: str, code: int) -> None:
    text = f"[1, 2]\n{note.format(code)}"
    body = raw(json.loads(json.dumps(anthropic(content)).replace("{}", json.dumps(text)[1:-1])))
    block = only(read(MESSAGES, body))
    assert (block.text, block.error) == ("[1, 2]", code != 0)
    assert json.dumps(text)[7:-1].encode() in wire.splice(body, [(block, "x")])


def test_a_reminder_inside_a_result_is_part_of_it() -> None:
    text = "a\n<system-reminder>b</system-reminder>\nc"
    assert only(read(MESSAGES, anthropic(text))).text == text
    unclosed = "<system-reminder>" * 3 + "x"
    assert only(read(MESSAGES, anthropic(unclosed))).text == unclosed


def test_nothing_else_is_a_result() -> None:
    body = anthropic()
    body["system"] = LOG
    body["messages"][2]["content"] = [
        {"type": "text", "text": LOG},
        {"type": "document", "source": {"type": "text", "data": LOG}},
        {"type": "web_search_tool_result", "tool_use_id": "t1", "content": [{"text": LOG}]},
        {"type": "tool_result_v9", "tool_use_id": "t1", "content": LOG},
        {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "x", "text": LOG}]},
        {"type": "tool_result", "tool_use_id": "t1"},
        {"type": "tool_result", "tool_use_id": "t1", "content": ""},
    ]
    body["messages"] += [
        {"role": "system", "content": LOG},
        {"role": "assistant", "content": [{"type": "tool_result", "content": LOG}]},
        {"role": "user", "content": "I ran this command:\n\nls\n\nAnd got this output:\n\n" + LOG},
    ]
    assert read(MESSAGES, body).blocks == ()


def test_the_query_is_the_same_in_every_later_request() -> None:
    body = anthropic(LOG)
    first = only(read(MESSAGES, body))
    body["messages"] += [
        {"role": "system", "content": "More tools."},
        {"role": "assistant", "content": "There it is."},
        {"role": "user", "content": "And y?"},
    ]
    assert read(MESSAGES, body).blocks == (first,)


@pytest.mark.parametrize(
    "text",
    [
        "<current_datetime>2026-11-25T03:24:59</current_datetime>\n\nFind x.\n",
        "Find x.\n\n<system_reminder>todo</system_reminder>",
        "<system-reminder>a</system-reminder>Find x.<system-reminder>b</system-reminder>",
    ],
)
def test_what_clients_add_is_not_what_the_user_asked(text: str) -> None:
    body = anthropic(LOG)
    body["messages"][0]["content"] = text
    assert only(read(MESSAGES, body)).query == "Find x.\nI look."


def test_reminders_are_not_what_the_user_asked() -> None:
    body = anthropic(LOG)
    body["messages"][0]["content"] = [
        {"type": "text", "text": "<system-reminder>skills</system-reminder>"},
        {"type": "text", "text": "Find x.<system-reminder>b</system-reminder>"},
        {"type": "text", "text": "\n<system-reminder>c</system-reminder> "},
    ]
    assert only(read(MESSAGES, body)).query == "Find x.\nI look."


def test_the_turn() -> None:
    body: dict[str, Any] = anthropic(LOG)
    name = "0d9e2a4c-1111-2222-3333-123456789abc"
    body["metadata"] = {"user_id": f"user_1f_account__session_{name}"}
    given = raw(body, compact=False)
    turn = read(MESSAGES, given)
    assert (turn.model, turn.streamed, turn.session, turn.forgets) == (
        "claude-x",
        True,
        name,
        False,
    )
    assert [given[slice(*span)][:9] for span in turn.messages] == [b'{"role": '] * 3
    body["metadata"] = {"user_id": json.dumps({"device_id": "d", "session_id": name})}
    body["context_management"] = {"edits": [{"type": "clear_tool_uses_20250919"}]}
    turn = read(MESSAGES, body)
    assert (turn.session, turn.forgets) == (name, True)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/v1/messages?beta=true", True),
        ("/anthropic/v1/messages/", True),
        # The agent asks it rarely, and what it is told may be too high.
        ("/v1/messages/count_tokens?beta=true", False),
        ("/v1/messages/batches", False),
        ("/v1/files", False),
    ],
)
def test_paths(path: str, known: bool) -> None:
    assert (wire.read("host", path, raw(anthropic(LOG))) is not None) == known


@pytest.mark.parametrize(
    "twice",
    [
        b'{"messages":[],"messages":[{"role":"user","content":[{"type":"tool_result","content":"x"}]}]}',
        b'{"messages":[{"role":"user","role":"user","content":[{"type":"tool_result","content":"x"}]}]}',
        b'{"messages":[{"role":"user","content":[{"type":"tool_result","content":"x","content":"y"}]}]}',
    ],
)
def test_what_is_said_twice_is_not_touched(twice: bytes) -> None:
    found = wire.read("host", MESSAGES, twice)
    assert found is None or found[1].blocks == ()
