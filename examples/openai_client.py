"""The OpenAI SDK with shorter tool results: whole, streamed and asynchronous."""

import asyncio

from openai import AsyncOpenAI, OpenAI
from services import MODEL, QUESTION, TEXT

from headroom import wrap_client

client = wrap_client(OpenAI())
parameters = {"type": "object", "properties": {"command": {"type": "string"}}}
tools = [{"type": "function", "function": {"name": "bash", "parameters": parameters}}]
messages = [{"role": "user", "content": QUESTION}]
first = client.chat.completions.create(model=MODEL, messages=messages, tools=tools)
call = first.choices[0].message
messages += [call, {"role": "tool", "tool_call_id": call.tool_calls[0].id, "content": TEXT}]
answer = client.chat.completions.create(model=MODEL, messages=messages, tools=tools)
print(answer.choices[0].message.content)
stream = client.chat.completions.create(model=MODEL, messages=messages, tools=tools, stream=True)
print("".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices))


async def later() -> None:
    async with wrap_client(AsyncOpenAI()) as other:
        found = await other.chat.completions.create(model=MODEL, messages=messages, tools=tools)
        print(found.choices[0].message.content)


asyncio.run(later())
