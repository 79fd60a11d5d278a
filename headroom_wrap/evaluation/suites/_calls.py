"""Tool calls as readers make them: through the API, or as JSON in their words."""

from __future__ import annotations

import json
import re

from headroom_wrap.evaluation.rows import Answer, Call

_FENCE = re.compile(r"```[\w-]*\n(.*?)```", re.S)


def first(answer: Answer) -> Call | None:
    """The first call of an answer; {"name": …, "arguments": {…}} in its text is one too."""
    if answer.calls:
        return answer.calls[0]
    decoder = json.JSONDecoder()
    at = answer.text.find("{")
    while at >= 0:
        try:
            found, _ = decoder.raw_decode(answer.text, at)
        except (ValueError, RecursionError):
            found = None
        call = _call(found)
        if call:
            return call
        at = answer.text.find("{", at + 1)
    return None


def _call(found: object) -> Call | None:
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return None
    arguments = found.get("arguments", found.get("parameters"))
    return Call(found["name"], arguments) if isinstance(arguments, dict) else None


def line(text: str) -> str:
    """What a reader without tools would run: the first line of its first fenced block, or of all
    that it says."""
    fenced = _FENCE.search(text)
    found = [each.strip() for each in (fenced[1] if fenced else text).split("\n") if each.strip()]
    return found[0] if found else ""
