"""LangGraph: a node that shortens tool results in the state, and a hook that leaves it whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headroom_wrap.adapters.langchain_messages import ashortened, shortened


def headroom_node(state: Mapping[str, Any]) -> dict[str, Any]:
    """A node between tools and model: `graph.add_node("headroom", headroom_node)`.

    Only what changed is returned; the reducer of messages puts it where the same id stands.
    """
    before = state["messages"]
    after = shortened(before)
    return {"messages": [new for old, new in zip(before, after, strict=True) if new is not old]}


def headroom_input(state: Mapping[str, Any]) -> dict[str, Any]:
    """For `create_react_agent(…, pre_model_hook=headroom_input)`."""
    return {"llm_input_messages": shortened(state["messages"])}


async def aheadroom_input(state: Mapping[str, Any]) -> dict[str, Any]:
    """`headroom_input` beside the event loop."""
    return {"llm_input_messages": await ashortened(state["messages"])}
