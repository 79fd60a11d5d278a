"""Agno: its own switch for compressing tool results, answered by us instead of by a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agno.compression.manager import CompressionManager

from headroom import acompress, compress


@dataclass
class HeadroomCompression(CompressionManager):
    """`Agent(…, compress_tool_results=True, compression_manager=HeadroomCompression())`.

    Results are shortened before the model first sees them, so that its cached prompt stays.
    """

    def should_compress(self, messages: Sequence[Any], *rest: Any, **more: Any) -> bool:
        return any(_fresh(message) for message in messages)

    async def ashould_compress(self, messages: Sequence[Any], *rest: Any, **more: Any) -> bool:
        return self.should_compress(messages)

    def compress(self, messages: Sequence[Any], *rest: Any, **more: Any) -> None:
        _put(messages, compress([_chat(message) for message in messages]).messages)

    async def acompress(self, messages: Sequence[Any], *rest: Any, **more: Any) -> None:
        found = await acompress([_chat(message) for message in messages])
        _put(messages, found.messages)


def _fresh(message: Any) -> bool:
    return message.role == "tool" and message.compressed_content is None


def _chat(message: Any) -> dict[str, Any]:
    """The message as OpenAI spells it; which fields hold it differs with Agno's models."""
    calls, name = message.tool_calls, message.tool_call_id
    content = message.content
    return {"role": message.role, "content": content, "tool_calls": calls, "tool_call_id": name}


def _put(messages: Sequence[Any], sent: Sequence[dict[str, Any]]) -> None:
    for message, shorter in zip(messages, sent, strict=True):
        if _fresh(message) and isinstance(shorter["content"], str):
            message.compressed_content = shorter["content"]
