"""LangChain's messages there and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage

from headroom import acompress, compress

_ROLES = {"human": "user", "ai": "assistant", "tool": "tool", "function": "tool"}


def shortened(messages: Sequence[BaseMessage], **wishes: Any) -> list[BaseMessage]:
    """The messages, tool results shortened; `wishes` are those of `headroom.compress`."""
    return _merged(messages, compress([_chat(m) for m in messages], **wishes).messages)


async def ashortened(messages: Sequence[BaseMessage], **wishes: Any) -> list[BaseMessage]:
    """`shortened` beside the event loop."""
    found = await acompress([_chat(m) for m in messages], **wishes)
    return _merged(messages, found.messages)


def _chat(message: BaseMessage) -> dict[str, Any]:
    calls = [
        {
            "id": call["id"],
            "function": {"name": call["name"], "arguments": json.dumps(call["args"])},
        }
        for call in getattr(message, "tool_calls", [])
    ]
    name = getattr(message, "tool_call_id", None)
    role = _ROLES.get(message.type, "system")
    return {"role": role, "content": message.content, "tool_calls": calls, "tool_call_id": name}


def _merged(messages: Sequence[BaseMessage], sent: Sequence[dict[str, Any]]) -> list[BaseMessage]:
    return [
        old if old.content == new["content"] else old.model_copy(update={"content": new["content"]})
        for old, new in zip(messages, sent, strict=True)
    ]
