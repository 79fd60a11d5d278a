"""The prompt carries the script: `[[S: bash cat a.json | read b.py | text done]]`, a step a turn.

Nothing is remembered between requests: how many turns the model has taken since the scripted
prompt says which step is next, so a resumed or forked conversation goes on where it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SCRIPT = re.compile(r"\[\[S: ?(.*?)\]\]", re.S)
_VERBS = "bash|read|edit|mcp|text"
# What the model would read off a marker.
_ORIGINAL = re.compile(r"original: ([^\s\]\"\\]*?([0-9a-f]{8}))\]")
# Shell pipes are left alone: a bar parts two steps only in front of a verb.
_BAR = re.compile(rf"\s*\|\s*(?=(?:{_VERBS})\b)")
_HASH = re.compile(r"\[headroom ([0-9a-f]{8})")
# `bash a ;; bash b` is one turn with two parallel calls.
_TOGETHER = re.compile(rf"\s*;;\s*(?=(?:{_VERBS})\b)")


@dataclass(frozen=True)
class Step:
    """One thing the model does: a verb and its words."""

    verb: str
    words: str


@dataclass(frozen=True)
class Call:
    """A tool call as the model makes it, before a wire puts it into its own form."""

    name: str
    arguments: dict[str, object] = field(default_factory=dict)
    source: str = ""
    """Free text instead of arguments: the input of a custom tool."""
    namespace: str = ""


@dataclass(frozen=True)
class Reply:
    """What the model says in one turn."""

    text: str = ""
    calls: tuple[Call, ...] = ()


def parse(prompt: str) -> list[list[Step]] | None:
    """The turns that the last script in `prompt` asks for; None without a script."""
    found = _SCRIPT.findall(prompt)
    if not found:
        return None
    turns = []
    for turn in _BAR.split(found[-1].strip()):
        steps = []
        for part in _TOGETHER.split(turn):
            verb, _, words = part.strip().partition(" ")
            steps.append(Step(verb, words.strip()))
        turns.append(steps)
    return turns


def turn(prompt: str, taken: int, shown: str = "") -> list[Step]:
    """The steps of the next turn after `taken` turns; a closing remark when there is none.

    `@original` and `@hash` in them stand for what the last marker in `shown` names.
    """
    turns = parse(prompt)
    if turns is None:
        return [Step("text", "No script in this prompt.")]
    if taken >= len(turns):
        return [Step("text", "The script is over.")]
    markers = _ORIGINAL.findall(shown)
    path, name = markers[-1] if markers else ("", "")
    name = name or next(iter(_HASH.findall(shown)[-1:]), "")
    return [
        Step(step.verb, step.words.replace("@original", path).replace("@hash", name))
        for step in turns[taken]
    ]
