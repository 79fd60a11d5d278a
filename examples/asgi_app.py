"""An ASGI app that is itself a gateway to models; here it only tells the size of each body."""

import asyncio
import json

from services import TEXT

from headroom_wrap.adapters.asgi import HeadroomASGI


async def gateway(scope, receive, send):
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body")
    assert dict(scope["headers"])[b"content-length"] == str(len(body)).encode()
    print(len(body))


async def call(path, body):
    pieces = [body[:100], body[100:]]

    async def receive():
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    headers = [(b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    await HeadroomASGI(gateway)(scope, receive, None)


result = {"role": "tool", "tool_call_id": "call_4f1c9e0a7b2d", "content": TEXT}
whole = json.dumps({"model": "gpt-5.5", "messages": [result]}).encode()
print(len(whole))
asyncio.run(call("/v1/chat/completions", whole))
asyncio.run(call("/v1/other", b"12345"))
