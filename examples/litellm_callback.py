"""LiteLLM: a callback for asynchronous calls, a function for the others."""

import asyncio

import litellm
from services import MODEL, QUESTION, TEXT

from headroom_wrap.adapters.litellm import HeadroomCallback, completion

litellm.callbacks = [HeadroomCallback()]
parameters = {"type": "object", "properties": {"command": {"type": "string"}}}
tools = [{"type": "function", "function": {"name": "bash", "parameters": parameters}}]
call = {
    "model": f"openai/{MODEL}",
    "tools": tools,
    "messages": [{"role": "user", "content": QUESTION}],
}


async def loop() -> None:
    first = (await litellm.acompletion(**call)).choices[0].message
    name = first.tool_calls[0].id
    call["messages"] += [first, {"role": "tool", "tool_call_id": name, "content": TEXT}]
    print((await litellm.acompletion(**call)).choices[0].message.content)


asyncio.run(loop())
print(completion(**call).choices[0].message.content)
