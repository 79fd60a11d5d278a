"""The prompt of a question about texts: a search, its results, and the question once more."""

from __future__ import annotations

import hashlib
import json

from headroom_wrap.evaluation.rows import Json, Prompt, Row

TOOL: Json = {
    "type": "function",
    "function": {
        "name": "search_documents",
        "description": "Finds documents by a question.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string"}},
            "required": ["query"],
        },
    },
}


def call_id(row: Row) -> str:
    """A call's id in the letters that every API takes."""
    return f"call_{hashlib.sha256(row.id.encode()).hexdigest()[:20]}"


def about(row: Row, task: str, tool: Json = TOOL) -> Prompt:
    """As an agent has it: what a tool answered is a tool result, and so may be shortened."""
    name = call_id(row)
    arguments = json.dumps({"query": row.question}, ensure_ascii=False)
    function = {"name": tool["function"]["name"], "arguments": arguments}
    call = {"id": name, "type": "function", "function": function}
    messages: tuple[Json, ...] = (
        {"role": "system", "content": task},
        {"role": "user", "content": row.question},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": name, "content": "\n\n".join(row.passages)},
        {"role": "user", "content": f"{task}\nQuestion: {row.question}"},
    )
    return Prompt(messages, (tool,))


def alone(row: Row, task: str) -> Prompt:
    """A question with nothing but itself: there is nothing in it that is ever shortened."""
    return Prompt(({"role": "system", "content": task}, {"role": "user", "content": row.question}))
