"""Readers behind OpenAI's Chat Completions: its own, and every endpoint that is compatible."""

from __future__ import annotations

import json
import re

from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation import talk
from headroom_wrap.evaluation.readers._api import Reader, Setup
from headroom_wrap.evaluation.readers._endpoint import Behind, Endpoint
from headroom_wrap.evaluation.rows import Answer, Json, Prompt
from headroom_wrap.types import Usage
from headroom_wrap.wire.usage import billed

NAME = "openai"
KEY = "OPENAI_API_KEY"
_BASE = "https://api.openai.com/v1"
# Local servers leave what a model thinks in front of what it says.
_THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>|$)", re.S)


def opened(setup: Setup) -> Reader:
    return _Chat(setup)


class _Chat(Behind):
    def __init__(self, setup: Setup) -> None:
        headers = {"authorization": f"Bearer {setup.key}"} if setup.key else {}
        url = (setup.base_url or _BASE).rstrip("/") + "/chat/completions"
        super().__init__(NAME, Endpoint(url, headers, setup), setup, _read)

    def body(self, prompt: Prompt, tokens: int) -> Json:
        fixed = {"temperature": 0, "seed": self._setup.seed, "max_tokens": tokens}
        if self._setup.plain or not prompt.tools:
            return {"model": self._setup.model, "messages": talk.flat(prompt), **fixed}
        tools = {"tools": list(prompt.tools), "tool_choice": "auto" if prompt.acts else "none"}
        return {"model": self._setup.model, "messages": list(prompt.messages), **tools, **fixed}


def _read(answer: bytes, seconds: float, where: str) -> Answer:
    usage, model = billed(answer)
    try:
        choice = json.loads(answer)["choices"][0]
        message = choice["message"]
        calls = tuple(talk.calls_of(message))
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise HeadroomError(f"{where} answers with no chat completion", "--base-url …/v1?") from (
            problem
        )
    text = _THOUGHT.sub("", talk.text_of(message.get("content")))
    cut = choice.get("finish_reason") == "length"
    return Answer(text, calls, usage or Usage(), round(seconds, 3), model, cut)
