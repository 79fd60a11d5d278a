"""What agents leave on disk, read into what their wires carried."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom_wrap.replay import find, read
from tests.replay import files
from tests.replay.files import Claude


def told(path: Path) -> list[list[str]]:
    """Roles of all messages of each request's prompt, by conversation, as initials."""
    return [
        ["".join(_initial(item.body) for item in sent) for sent, _ in found.requests()]
        for found in read(path)
    ]


def _initial(body: dict[str, Any]) -> str:
    return str(body.get("role") or body.get("type"))[0]


def test_claude_code_splits_an_answer_over_rows(tmp_path: Path) -> None:
    rows = Claude()
    rows.prompt("Go")
    first = rows.calls("toolu_1", "toolu_2", command="ls")
    rows.result("toolu_1", "one", parent=first)
    rows.result("toolu_2", "two")
    rows.calls(answer="msg_2")
    [found] = read(files.lines(tmp_path / "s.jsonl", rows.rows))
    [(first_sent, answer), (sent, _)] = found.requests()
    assert found.model == files.MODEL
    assert [item.body["content"] for item in first_sent] == ["Go"]
    assert [part["type"] for part in answer[0].body["content"]] == ["text", "tool_use", "tool_use"]
    results = sent[-1].body["content"]
    assert [part["tool_use_id"] for part in results] == ["toolu_1", "toolu_2"]
    assert sent[-1].at > sent[0].at > 1.7e9


def test_claude_codes_sub_agents_are_conversations_of_their_own(tmp_path: Path) -> None:
    rows = Claude()
    rows.prompt("Go")
    rows.calls("toolu_1", tool="Task", prompt="Look")
    rows.prompt("Look", agentId="a1", isSidechain=True)
    rows.rows += [{**row, "agentId": "a1"} for row in _answer("msg_side")]
    rows.result("toolu_1", "found it")
    rows.calls(answer="msg_2")
    found = list(read(files.lines(tmp_path / "s.jsonl", rows.rows)))
    assert [each.name for each in found] == ["s", "s/a1"]
    assert [len(list(each.requests())) for each in found] == [2, 1]


def _answer(name: str) -> list[dict[str, Any]]:
    rows = Claude()
    rows.calls(answer=name)
    return rows.rows[1:]


def test_claude_codes_compaction_begins_anew(tmp_path: Path) -> None:
    rows = Claude()
    rows.prompt("Go")
    rows.calls("toolu_1", command="ls")
    rows.result("toolu_1", "one")
    rows.calls(answer="msg_2")
    rows.rows.append({"type": "system", "subtype": "compact_boundary", "uuid": "b"})
    rows.prompt("This session is continued: …", parent="", isCompactSummary=True)
    rows.calls(answer="msg_3")
    assert told(files.lines(tmp_path / "s.jsonl", rows.rows)) == [["u", "uau"], ["u"]]


def test_claude_codes_rewind_takes_messages_away(tmp_path: Path) -> None:
    rows = Claude()
    rows.prompt("Go")
    rows.calls("toolu_1", command="ls")
    rows.result("toolu_1", "one")
    end = rows.calls(answer="msg_2")
    rows.prompt("Now this")
    rows.calls(answer="msg_3")
    rows.prompt("No: that", parent=end)
    rows.calls(answer="msg_4")
    [found] = read(files.lines(tmp_path / "s.jsonl", rows.rows))
    sent = [[item.body["content"] for item in sent] for sent, _ in found.requests()]
    assert [len(each) for each in sent] == [1, 3, 5, 5]
    assert (sent[2][-1], sent[3][-1]) == ("Now this", "No: that")
    assert sent[2][:-1] == sent[3][:-1]


def test_codex_with_reasoning_and_compaction(tmp_path: Path) -> None:
    rows = files.codex([("ls", "a.py"), ("cat a.py", "x = 1")])
    rows.append({"type": "compacted", "payload": {"message": "so far"}})
    rows += files.codex([])[2:]
    found = list(read(files.lines(tmp_path / "rollout-1.jsonl", rows)))
    assert [each.model for each in found] == ["gpt-5.5"] * 2
    assert told(tmp_path / "rollout-1.jsonl") == [["u", "urff", "urffrff"], ["u"]]


def test_swe_agent(tmp_path: Path) -> None:
    step = {"action": "ls\n", "response": "Look.\n```\nls\n```", "observation": "a.py"}
    history = [
        {"role": "system", "content": "You are"},
        {"role": "user", "content": "An example", "is_demo": True},
        {"role": "user", "content": "The issue"},
        {"role": "assistant", "content": "Look."},
    ]
    path = tmp_path / "x.traj"
    path.write_text(json.dumps({"trajectory": [step, step, "junk"], "history": history}))
    assert told(path) == [["su", "suat"]]


@pytest.mark.parametrize("shape", ["rows", "rows with names", "one object", "a list"])
def test_chats(tmp_path: Path, shape: str) -> None:
    messages = files.chat([("ls", "a.py")])
    path = tmp_path / ("c.jsonl" if shape.startswith("rows") else "c.json")
    text = {
        "rows": json.dumps({"messages": messages}),
        "rows with names": json.dumps({"id": "x", "messages": messages}),
        "one object": json.dumps({"messages": messages}),
        "a list": json.dumps(messages),
    }[shape]
    path.write_text(text)
    assert told(path) == [["su", "suat"]]
    [found] = read(path)
    assert (found.name, found.endpoint[1]) == (
        "x" if "names" in shape else "c",
        "/v1/chat/completions",
    )


def test_anthropic_messages_go_to_anthropic(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": "Go"}, {"role": "assistant", "content": "Done"}]
    path = files.lines(tmp_path / "a.jsonl", [{"messages": messages}])
    [found] = read(path)
    assert found.endpoint[0] == "api.anthropic.com"


JUNK = {
    "empty.jsonl": b"",
    "empty.json": b"",
    "nul.jsonl": b"\0" * 100 + b"\n{}\n",
    "binary.json": bytes(range(256)),
    "deep.jsonl": b"[" * 100_000,
    "deep.json": b'{"a":' * 100_000,
    "numbers.json": b"[1, 2, 3]",
    "null.traj": b"null",
    "list.traj": b'{"trajectory": [], "history": 3}',
    "roles.json": b'[{"role": 5}, {"role": null}, 7]',
    "message.jsonl": b'{"type": "user", "message": "text"}\n{"type": "user", "message": {}}\n',
    "content.jsonl": b'{"type": "user", "message": {"content": {"a": 1}}, "timestamp": 5}\n',
    "payload.jsonl": b'{"type": "response_item", "payload": null}\n{"type": "session_meta"}\n',
    "messages.jsonl": b'{"messages": [1, {"role": "user"}]}\n',
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_gives_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(JUNK[name])
    assert [list(found.requests()) for found in read(path) if any(found.requests())] == []


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = files.lines(tmp_path / "r.jsonl", files.codex([("ls", "a.py"), ("pwd", "/r")]))
    whole = path.read_bytes()
    path.write_bytes(b"\xff\n" + whole[:-400])
    assert told(path) == [["u", "urff"]]


def test_folders_are_searched(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    for name in ("a/b/1.jsonl", "a/2.traj", "3.json", "a/4.txt"):
        (tmp_path / name).touch()
    assert [file.name for file in find([tmp_path, tmp_path / "3.json"])] == [
        "3.json",
        "2.traj",
        "1.jsonl",
    ]


KEYS = st.sampled_from(
    "type message role content uuid parentUuid payload messages trajectory id".split()
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["user", "assistant", "response_item", "x", "compacted", "\udc80"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(VALUES, max_size=6))
def test_any_json_is_read_or_left(tmp_path: Path, rows: list[object]) -> None:
    path = tmp_path / "any.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    for found in read(path):
        for sent, answer in found.requests():
            assert sent
            assert answer
    whole = tmp_path / "any.json"
    whole.write_text(json.dumps(rows))
    assert all(found.items is not None for found in read(whole))
