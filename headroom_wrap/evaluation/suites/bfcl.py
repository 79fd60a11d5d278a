"""Berkeley function calling: the right call out of a catalogue that a tool search answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headroom_wrap.evaluation.rows import Answer, Json, Prompt, Row
from headroom_wrap.evaluation.suites import _ask, _calls, _files
from headroom_wrap.evaluation.suites._api import Source

_BASE = (
    "https://raw.githubusercontent.com/ShishirPatil/gorilla/main/"
    "berkeley-function-call-leaderboard/bfcl_eval/data/"
)
_FILE = "BFCL_v4_multiple.json"

NAME = "bfcl"
ABOUT = "the right call out of a catalogue of tool schemas (BFCL JSONL beside possible_answer/)"
SOURCES: tuple[Source, ...] = (
    Source(f"{_BASE}{_FILE}", _FILE, "Apache-2.0"),
    Source(f"{_BASE}possible_answer/{_FILE}", f"possible_answer/{_FILE}", "Apache-2.0"),
)
METRICS: tuple[str, ...] = ("right call", "right function")
TOKENS = 250
MIXES = True
TASK = (
    "Make the one call that does what is asked, out of the functions that were found. Reply with "
    'JSON and nothing else: {"name": "…", "arguments": {…}}'
)
TOOL: Json = {
    "type": "function",
    "function": {
        "name": "find_functions",
        "description": "Finds functions by what they should do.",
        "parameters": _ask.TOOL["function"]["parameters"],
    },
}


def load(path: Path) -> Iterator[Row]:
    """Questions that one call answers; what the calls may be is in possible_answer/ of the same
    name, or in each row's `ground_truth`."""
    beside = path.parent / "possible_answer" / path.name
    try:
        known = {row["id"]: row["ground_truth"] for row in _answers(beside)}
        for row in _files.lines(path):
            truth = known.get(row["id"]) if known else row["ground_truth"]
            if not truth or len(truth) != 1:
                continue
            asked = "\n".join(said["content"] for said in row["question"][0])
            functions = tuple(json.dumps(each, ensure_ascii=False) for each in row["function"])
            needs = tuple(
                name for function, given in truth[0].items() for name in (function, *given)
            )
            yield Row(row["id"], asked, functions, needs=needs, about={"truth": truth[0]})
    except (KeyError, TypeError, IndexError) as problem:
        form = '{"id": …, "question": [[…]], "function": […]} a line, and possible_answer/'
        raise _files.unlike(path, NAME, form, problem) from problem


def _answers(beside: Path) -> Iterator[Json]:
    return _files.lines(beside) if beside.exists() else iter(())


def prompt(row: Row) -> Prompt:
    """The schemas are one JSON array, as a search over the tools of a server gives them."""
    found = _ask.about(row, TASK, TOOL)
    catalogue = json.dumps([json.loads(each) for each in row.passages], ensure_ascii=False)
    messages = [{**m, "content": catalogue} if m["role"] == "tool" else m for m in found.messages]
    return Prompt(tuple(messages), found.tools)


def score(row: Row, answer: Answer) -> dict[str, float]:
    call = _calls.first(answer)
    wanted = row.about["truth"]
    named = call is not None and call.name in wanted
    right = call is not None and named and _fits(call.arguments, wanted[call.name])
    return {"right call": float(right), "right function": float(named)}


def same(one: Answer, other: Answer) -> bool:
    return _calls.first(one) == _calls.first(other)


def _fits(given: Json, wanted: dict[str, list[Any]]) -> bool:
    """Every argument is one of those allowed; one that may be "" may be left out."""
    if not set(given) <= set(wanted):
        return False
    return all(
        any(_alike(given[name], each) for each in allowed) if name in given else "" in allowed
        for name, allowed in wanted.items()
    )


def _alike(value: Any, right: Any) -> bool:
    """Words without case and marks; in a table that is right, each key lists what it may be."""
    if isinstance(value, dict) and isinstance(right, dict):
        return _fits(value, right)
    if isinstance(value, list) and isinstance(right, list):
        return len(value) == len(right) and all(map(_alike, value, right))
    if isinstance(value, str) and isinstance(right, str):
        return _bare(value) == _bare(right)
    return isinstance(value, bool) == isinstance(right, bool) and bool(value == right)


def _bare(text: str) -> str:
    return "".join(mark for mark in text.lower() if mark.isalnum())
