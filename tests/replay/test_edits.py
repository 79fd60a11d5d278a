"""The gate on edits: what they are made from, and what of it was forwarded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom_wrap.replay import edits
from headroom_wrap.replay.transcripts import Item

FILE = "def a():\n    return 1\n\n\ndef b():\n    return 2\n"
NUMBERED = "".join(f"{n:6}\t{line}\n" for n, line in enumerate(FILE.split("\n"), 1))
OLD = "    return 1\n\n\ndef b():"
PATCH = (
    "*** Begin Patch\n*** Update File: a.py\n@@ def a():\n def a():\n-    return 1\n+    return 3\n"
    "*** End Patch"
)
SEARCH = f"a.py\n<<<<<<< SEARCH\n{OLD}\n=======\nx\n>>>>>>> REPLACE"


def use(name: str, **call: Any) -> dict[str, Any]:
    return {"content": [{"type": "tool_use", "name": name, "input": call}]}


def function(**call: Any) -> dict[str, Any]:
    return {"tool_calls": [{"function": {"name": "x", "arguments": json.dumps(call)}}]}


ANSWERS = [
    (use("Edit", old_string=OLD, new_string="x"), 1),
    (use("MultiEdit", edits=[{"old_string": OLD}, {"old_string": "    return 2"}]), 2),
    (use("str_replace_based_edit_tool", command="str_replace", old_str=OLD), 1),
    (function(oldText=OLD, path="a.py"), 1),
    (function(input=PATCH), 1),
    ({"type": "custom_tool_call", "name": "apply_patch", "input": PATCH}, 1),
    ({"content": SEARCH}, 1),
    (function(command="edit 2:5\n    return 4\nend_of_edit"), 1),
    # Made up, or too short to tell anything.
    (use("Edit", old_string="never shown", new_string="x"), 0),
    (use("Edit", old_string="x", new_string="y"), 0),
    (use("Write", content=FILE), 0),
    (function(command="edit 90:95\nx\nend_of_edit"), 0),
    (function(command="edit 2:9999999\nx\nend_of_edit"), 0),
    ({"content": "No edit."}, 0),
]


def message(text: str) -> bytes:
    return json.dumps({"role": "user", "content": [{"content": text}]}).encode()


@pytest.mark.parametrize(("answer", "expected"), ANSWERS)
def test_edits_of_what_was_shown(answer: dict[str, Any], expected: int) -> None:
    shown = [message(NUMBERED)]
    assert edits.missing([Item(answer, True)], shown, [shown]) == (expected, 0)


@pytest.mark.parametrize(("answer", "expected"), ANSWERS)
def test_edits_of_what_was_left_out(answer: dict[str, Any], expected: int) -> None:
    sent = [[message(NUMBERED)], [message("[… 6 lines]")]]
    assert edits.missing([Item(answer, True)], [message(NUMBERED)], sent) == (expected, expected)


def test_one_changed_blank_is_a_miss() -> None:
    sent = [message(NUMBERED.replace("    return 1", "   return 1"))]
    answer = Item(use("Edit", old_string=OLD, new_string="x"), True)
    assert edits.missing([answer], [message(NUMBERED)], [sent]) == (1, 1)


def test_a_later_view_counts_for_line_numbers() -> None:
    later = NUMBERED.replace("return 1", "return 7")
    answer = Item(function(command="edit 2:2\nx\nend_of_edit"), True)
    shown = [message(NUMBERED), message(later)]
    assert edits.missing([answer], shown, [[message(NUMBERED)]]) == (1, 1)
