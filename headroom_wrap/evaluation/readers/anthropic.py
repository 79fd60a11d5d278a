"""Readers behind Anthropic's Messages."""

from __future__ import annotations

import json

from headroom_wrap.errors import HeadroomError
from headroom_wrap.evaluation import talk
from headroom_wrap.evaluation.readers._api import Reader, Setup
from headroom_wrap.evaluation.readers._endpoint import Behind, Endpoint
from headroom_wrap.evaluation.rows import Answer, Call, Json, Prompt
from headroom_wrap.types import Usage
from headroom_wrap.wire.usage import billed

NAME = "anthropic"
KEY = "ANTHROPIC_API_KEY"
_BASE = "https://api.anthropic.com"


def opened(setup: Setup) -> Reader:
    return _Messages(setup)


class _Messages(Behind):
    def __init__(self, setup: Setup) -> None:
        headers = {"anthropic-version": "2023-06-01"}
        if setup.key:
            headers["x-api-key"] = setup.key
        url = (setup.base_url or _BASE).rstrip("/").removesuffix("/v1") + "/v1/messages"
        super().__init__(NAME, Endpoint(url, headers, setup), setup, _read)

    def body(self, prompt: Prompt, tokens: int) -> Json:
        plain = self._setup.plain or not prompt.tools
        system, messages = talk.to_anthropic(talk.flat(prompt) if plain else prompt.messages)
        body: Json = {"model": self._setup.model, "max_tokens": tokens, "temperature": 0}
        if system:
            body["system"] = system
        if not plain:
            body["tools"] = [_tool(tool["function"]) for tool in prompt.tools]
            body["tool_choice"] = {"type": "auto" if prompt.acts else "none"}
        return {**body, "messages": messages}


def _tool(function: Json) -> Json:
    about = {"description": function["description"]} if "description" in function else {}
    return {"name": function["name"], **about, "input_schema": function["parameters"]}


def _read(answer: bytes, seconds: float, where: str) -> Answer:
    usage, model = billed(answer)
    try:
        message = json.loads(answer)
        parts = message["content"]
        text = "\n".join(part["text"] for part in parts if part["type"] == "text")
        used = (part for part in parts if part["type"] == "tool_use")
        calls = tuple(Call(part["name"], part["input"]) for part in used)
    except (ValueError, LookupError, TypeError) as problem:
        hint = "is it an endpoint of Anthropic's Messages? Else: --reader openai"
        raise HeadroomError(f"{where} answers with no message", hint) from problem
    cut = message.get("stop_reason") == "max_tokens"
    return Answer(text, calls, usage or Usage(), round(seconds, 3), model, cut)
