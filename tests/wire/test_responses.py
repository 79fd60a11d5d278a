"""Responses: items over HTTP and WebSocket, results behind headers and inside JSON texts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom_wrap import wire
from headroom_wrap.types import Origin
from tests.wire.bodies import EXEC, HEADER, LOG, RESPONSES, only, raw, read, responses

_CODE = {
    "type": "custom_tool_call",
    "call_id": "c1",
    "name": "exec",
    "namespace": "functions",
    "input": 'const r = await tools.exec_command({"cmd": "grep -rn x src"});\ntext(r.output);\n',
}
_SCRIPT = {"type": "input_text", "text": "Script completed\nWall time 0.1 seconds\nOutput:\n"}
_GREP = Origin("exec_command", "grep -rn x src")


def _spliced(body: bytes, new: str) -> Any:
    turn = read(RESPONSES, body)
    return json.loads(wire.splice(body, [(block, new) for block in turn.blocks]))["input"][-1]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("code", [0, 2])
def test_the_header_is_no_part_of_the_result(ascii_only: bool, code: int) -> None:
    header = HEADER.format(code=code)
    body = raw(responses(header + LOG), ascii_only)
    block = only(read(RESPONSES, body))
    assert (block.text, block.origin, block.query) == (LOG, _GREP, "Find x.")
    assert block.error == (code != 0)
    assert _spliced(body, LOG)["output"] == header + LOG
    assert _spliced(body, "é\n")["output"] == header + "é\n"


def test_the_same_output_reads_the_same_behind_any_header() -> None:
    """Clocks and ids differ when a command is run again."""
    other = HEADER.format(code=0).replace("4f2a", "77aa").replace("0.12", "3.4")
    texts = {only(read(RESPONSES, responses(h + LOG))).text for h in (HEADER.format(code=0), other)}
    assert texts == {LOG}


def test_what_only_looks_like_a_header_belongs_to_the_result() -> None:
    text = LOG + HEADER.format(code=0) + LOG
    assert only(read(RESPONSES, responses(text))).text == text


@pytest.mark.parametrize(
    ("call", "origin"),
    [
        (EXEC, _GREP),
        (
            {**EXEC, "arguments": '{"command": ["bash", "-lc", "ls | wc"]}'},
            Origin("exec_command", "ls | wc"),
        ),
        ({**EXEC, "arguments": "{"}, Origin("exec_command")),
        (_CODE, Origin("exec", "grep -rn x src")),
        (
            {**_CODE, "input": "await tools.exec_command({cmd: `cat \\`a\\``})"},
            Origin("exec", "cat `a`"),
        ),
        (
            {**_CODE, "input": "tools.exec_command({cmd: 'a'}); tools.exec_command({cmd: 'b'})"},
            Origin("exec", "tools.exec_command({cmd: 'a'}); tools.exec_command({cmd: 'b'})"),
        ),
        ({**_CODE, "name": "apply_patch", "input": "*** Begin Patch"}, Origin("apply_patch")),
        (
            {
                "type": "local_shell_call",
                "call_id": "c1",
                "action": {"type": "exec", "command": ["cat", "a.py"]},
            },
            Origin("shell", "cat a.py"),
        ),
        (
            {"type": "shell_call", "call_id": "c1", "action": {"commands": ["ls", "pwd"]}},
            Origin("shell", "ls\npwd"),
        ),
    ],
)
def test_the_call_says_what_a_result_is_of(call: dict[str, Any], origin: Origin) -> None:
    block = only(read(RESPONSES, responses(LOG, call)))
    assert (block.origin, block.call_id) == (origin, "c1")


def test_code_mode_gives_a_header_and_a_payload() -> None:
    body = raw(responses([_SCRIPT, {"type": "input_text", "text": LOG}], _CODE))
    block = only(read(RESPONSES, body))
    assert (block.text, block.error) == (LOG, False)
    assert _spliced(body, "x")["output"] == [_SCRIPT, {"type": "input_text", "text": "x"}]


def test_a_script_that_failed_is_an_error() -> None:
    failed = {**_SCRIPT, "text": _SCRIPT["text"].replace("completed", "failed")}
    assert only(read(RESPONSES, responses([failed, {**_SCRIPT, "text": LOG}], _CODE))).error


_MCP = [
    {"type": "text", "text": LOG},
    {"type": "image", "data": "x"},
    {"type": "text", "text": "2"},
]


@pytest.mark.parametrize("outer", [True, False])
@pytest.mark.parametrize("inner", [True, False])
@pytest.mark.parametrize("before", ["", "Wall time: 0.1 seconds\nOutput:\n"])
@pytest.mark.parametrize(
    ("payload", "texts", "error"),
    [
        ({"output": LOG, "metadata": {"exit_code": 0}}, [LOG], False),
        ({"chunk_id": "a", "exit_code": 1, "output": LOG}, [LOG], True),
        (_MCP, [LOG, "2"], False),
        ({"content": _MCP, "isError": True}, [LOG, "2"], True),
    ],
)
def test_results_inside_a_json_text(
    payload: Any, texts: list[str], error: bool, before: str, outer: bool, inner: bool
) -> None:
    text = before + json.dumps(payload, ensure_ascii=inner)
    body = raw(responses(text), outer)
    blocks = read(RESPONSES, body).blocks
    assert [block.text for block in blocks] == texts
    assert {block.error for block in blocks} == {error}
    assert wire.splice(body, [(block, block.text) for block in blocks]) == body
    changed = _spliced(body, 'new "ü"\n')["output"]
    for old in texts:
        text = text.replace(json.dumps(old, ensure_ascii=inner), "NEW")
    assert changed.startswith(before)
    new = json.dumps('new "ü"\n', ensure_ascii=False)
    assert json.loads(changed[len(before) :]) == json.loads(text[len(before) :].replace("NEW", new))


@pytest.mark.parametrize(
    "text",
    [
        '{"output": 5}',
        '{"output": "a", "output": "b"}',
        '{"output": "a"',
        '[{"type": "text", "text": "a"}, 5]',
        '[{"name": "a"}]',
        "{}",
        "[1, 2",
    ],
)
def test_other_json_texts_are_results_as_they_are(text: str) -> None:
    block = only(read(RESPONSES, responses(text)))
    assert (block.text, block.quoted) == (text, False)


def test_nothing_else_is_a_result() -> None:
    items = [
        {"role": "developer", "content": LOG},
        {"type": "message", "role": "user", "content": LOG},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": LOG}]},
        {"type": "function_call_output", "call_id": "c1", "output": ""},
        {"type": "function_call_output", "call_id": "c1", "output": HEADER.format(code=0)},
        {"type": "function_call_output", "call_id": "c1", "output": {"content": LOG}},
        {
            "type": "computer_call_output",
            "call_id": "c1",
            "output": [{"type": "text", "text": LOG}],
        },
        {"type": "additional_tools", "tools": [{"output": LOG}]},
        {"type": "tool_of_tomorrow_output", "output": LOG},
    ]
    assert read(RESPONSES, {"input": items, "instructions": LOG}).blocks == ()


def test_the_turn() -> None:
    body = raw(responses(LOG, truncation="auto"))
    turn = read(RESPONSES, body)
    assert (turn.model, turn.streamed, turn.session) == ("gpt-x", True, "talk-1")
    assert turn.forgets
    assert [json.loads(body[slice(*span)]) for span in turn.messages] == json.loads(body)["input"]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/responses", True),
        ("/backend-api/codex/responses", True),
        ("/v1/responses/compact", True),
        ("/v1/responses/input_tokens", False),
    ],
)
def test_paths(path: str, known: bool) -> None:
    assert (wire.read("host", path, raw(responses(LOG))) is not None) == known


def _created(*items: object, **more: Any) -> dict[str, Any]:
    return {"type": "response.create", "model": "gpt-x", "input": list(items), **more}


def _result(call: str) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": call, "output": LOG}


def test_a_socket_is_remembered() -> None:
    carried = wire.Carried()
    assert wire.read("host", RESPONSES, raw(_created(generate=False)), carried) is None
    question = {"type": "message", "role": "user", "content": "Find x."}
    assert read(RESPONSES, _created(question), carried).blocks == ()
    said = {"type": "message", "role": "assistant", "content": [{"text": "I look."}]}
    for item in (said, EXEC):
        carried.learn(raw({"type": "response.output_item.done", "item": item}))
    whole = {"output": [said, EXEC, {**EXEC, "call_id": "c2"}]}
    carried.learn(raw({"type": "response.completed", "response": whole}))
    for call in ("c1", "c2"):
        block = only(read(RESPONSES, _created(_result(call), previous_response_id="r"), carried))
        assert (block.origin, block.query) == (_GREP, "Find x.\nI look.")


def test_a_socket_and_a_post_tell_the_same_of_a_result() -> None:
    carried = wire.Carried()
    history = responses(LOG)["input"]
    read(RESPONSES, _created(history[0]), carried)
    carried.learn(raw({"type": "response.output_item.done", "item": EXEC}))
    over_socket = only(read(RESPONSES, _created(history[-1]), carried))
    over_post = only(read(RESPONSES, responses(LOG)))
    assert over_socket.origin == over_post.origin
    assert over_socket.query == over_post.query


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\xff\xfe",
        b'{"type":"response.output_item.done"',
        b'{"type":"response.output_item.done","item":[]}',
        b'["response.completed"]',
        b'{"type":"response.completed","response":{"output":{"a":5}}}',
        b'{"type":"response.completed","response":{"output":[null,{"type":["x"]}]}}',
        b'{"type":"response.output_item.done","item":{"type":"function_call","call_id":{},"name":[]}}',
        b'{"type":"response.output_item.done","item":' + b'{"a":' * 100_000,
    ],
)
def test_what_a_server_says_may_be_anything(junk: bytes) -> None:
    carried = wire.Carried()
    carried.learn(junk)
    assert only(read(RESPONSES, _created(_result("c9")), carried)).origin == Origin()
