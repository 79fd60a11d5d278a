"""The Anthropic SDK with shorter tool results: whole and streamed."""

from anthropic import Anthropic
from services import QUESTION, TEXT

from headroom import wrap_client

client = wrap_client(Anthropic())
schema = {"type": "object", "properties": {"command": {"type": "string"}}}
asked = {"model": "claude-opus-4-8", "max_tokens": 999}
asked["tools"] = [{"name": "bash", "input_schema": schema}]
messages = [{"role": "user", "content": QUESTION}]
first = client.messages.create(**asked, messages=messages)
call = next(block for block in first.content if block.type == "tool_use")
result = {"type": "tool_result", "tool_use_id": call.id, "content": TEXT}
messages += [{"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
print(client.messages.create(**asked, messages=messages).content[0].text)
with client.messages.stream(**asked, messages=messages) as stream:
    print("".join(stream.text_stream))
