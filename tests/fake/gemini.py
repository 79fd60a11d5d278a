"""Gemini: a call to the first function that is offered, then words about its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fake.cache import tokens
from tests.fake.exchange import Answer, RefusedError, Request, as_events, as_json


def generate(request: Request) -> Answer:
    """POST …:generateContent and …:streamGenerateContent."""
    body = json.loads(request.body)
    contents = body.get("contents")
    if not contents:
        raise RefusedError("contents is not specified")
    parts = contents[-1]["parts"]
    answered = any("functionResponse" in part for part in parts)
    offered = [f for tool in body.get("tools") or () for f in tool.get("functionDeclarations", ())]
    if offered and not answered:
        part: Mapping[str, Any] = {"functionCall": {"name": offered[0]["name"], "args": {}}}
    else:
        part = {"text": "all done now"}
    prompt, said = tokens(json.dumps(contents)), tokens(json.dumps(part))
    usage = {"promptTokenCount": prompt, "candidatesTokenCount": said}
    whole = {
        "candidates": [
            {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}
        ],
        "usageMetadata": {**usage, "totalTokenCount": prompt + said},
        "modelVersion": "gemini-3-pro",
    }
    note = {"usage": usage, "wire": "gemini"}
    if ":streamGenerateContent" in request.route:
        return as_events([f"data: {json.dumps(whole)}\r\n\r\n".encode()], note)
    return as_json(whole, note=note)
