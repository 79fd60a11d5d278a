"""The values of an evaluation: rows, prompts, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from headroom_wrap.types import Usage

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One question. `passages` are the texts a tool answered with, `answers` what counts as right
    (any of them; none: the passages do not say), `needs` what else must all be there to answer,
    `about` what only the suite itself reads."""

    id: str
    question: str
    passages: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    group: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation in the form of OpenAI's chats, and the tools its calls are of.

    `acts`: the answer is a call of one of them; else words are asked for, and no more calls.
    """

    messages: tuple[Json, ...]
    tools: tuple[Json, ...] = ()
    acts: bool = False


class Call(msgspec.Struct, frozen=True):
    """A tool call that a reader made."""

    name: str
    arguments: dict[str, Any]


class Answer(msgspec.Struct, frozen=True):
    """What a reader said, what it was billed, and how long it took; `cut` where it had more."""

    text: str
    calls: tuple[Call, ...] = ()
    usage: Usage = Usage()
    seconds: float = 0.0
    model: str = ""
    cut: bool = False
