"""Strands Agents: a hook that shortens each tool result before the model sees it."""

from __future__ import annotations

from typing import Any

from strands.hooks import AfterToolCallEvent, HookProvider, HookRegistry

from headroom import compress_result


class HeadroomHooks(HookProvider):
    """`Agent(…, hooks=[HeadroomHooks()])`."""

    def register_hooks(self, registry: HookRegistry, **more: Any) -> None:
        registry.add_callback(AfterToolCallEvent, self.shorten)

    def shorten(self, event: AfterToolCallEvent) -> None:
        """Texts of the result; JSON, images and documents stay."""
        use = event.tool_use
        failed = event.result.get("status") == "error"

        def short(block: Any) -> Any:
            if not isinstance(block.get("text"), str):
                return block
            found = compress_result(
                block["text"], use["name"], use.get("input"), call_id=use["toolUseId"], error=failed
            )
            return {**block, "text": found.text}

        event.result = {**event.result, "content": [short(b) for b in event.result["content"]]}
