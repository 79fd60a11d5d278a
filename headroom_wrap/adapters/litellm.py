"""LiteLLM: a callback for the SDK, and a guardrail for its proxy."""

from __future__ import annotations

from typing import Any

from litellm.integrations.custom_guardrail import CustomGuardrail
from litellm.integrations.custom_logger import CustomLogger

from headroom import acompress, compress

_KEYS = ("messages", "input", "contents")


async def _shortened(data: dict[str, Any]) -> dict[str, Any]:
    key = next((key for key in _KEYS if isinstance(data.get(key), list)), None)
    if key is None:
        return data
    found = await acompress(data[key], str(data.get("model") or ""), tools=data.get("tools"))
    return {**data, key: found.messages}


class HeadroomCallback(CustomLogger):
    """`litellm.callbacks = [HeadroomCallback()]`: for `acompletion`, routers included."""

    async def async_pre_call_deployment_hook(
        self, kwargs: dict[str, Any], call_type: Any
    ) -> dict[str, Any]:
        return await _shortened(kwargs)


class HeadroomGuardrail(CustomGuardrail):
    """In the proxy's config.yaml, with `mode: pre_call`:
    `guardrail: headroom_wrap.adapters.litellm.HeadroomGuardrail`."""

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str
    ) -> dict[str, Any]:
        return await _shortened(data)


def completion(**call: Any) -> Any:
    """`litellm.completion` with shorter tool results: its callbacks cannot change a sync call."""
    import litellm

    found = compress(call["messages"], str(call.get("model") or ""), tools=call.get("tools"))
    return litellm.completion(**{**call, "messages": found.messages})
