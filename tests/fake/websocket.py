"""Codex's and Copilot's WebSocket: one JSON message a request, one per event back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from wsproto import WSConnection
from wsproto.connection import ConnectionType
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Ping,
    TextMessage,
)
from wsproto.events import Request as Opening
from wsproto.extensions import PerMessageDeflate

from tests.fake.app import App, refusal_frame
from tests.fake.exchange import RefusedError, Request
from tests.fake.record import Recording

_CHUNK = 1 << 16


async def converse(
    app: App,
    recording: Recording,
    request: Request,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Answer until the client closes."""
    wire = WSConnection(ConnectionType.SERVER)
    headers = [(key.encode(), value.encode("latin-1")) for key, value in request.headers]
    wire.initiate_upgrade_connection(headers, request.path)
    message = ""
    recording.add(request, 101, {})
    while True:
        for event in wire.events():
            if isinstance(event, Opening):
                _write(wire, writer, AcceptConnection(extensions=[PerMessageDeflate()]))
            elif isinstance(event, TextMessage):
                message += event.data
                if event.message_finished:
                    _answer(app, recording, replace(request, method="WS"), message, wire, writer)
                    message = ""
            elif isinstance(event, Ping):
                _write(wire, writer, event.response())
            elif isinstance(event, CloseConnection):
                _write(wire, writer, event.response())
                await writer.drain()
                return
        await writer.drain()
        data = await reader.read(_CHUNK)
        wire.receive_data(data or None)
        if not data:
            return


def _write(wire: WSConnection, writer: asyncio.StreamWriter, event: Event) -> None:
    writer.write(wire.send(event))


def _answer(
    app: App,
    recording: Recording,
    request: Request,
    message: str,
    wire: WSConnection,
    writer: asyncio.StreamWriter,
) -> None:
    raw = message.encode("utf-8", "surrogatepass")
    request = replace(request, wire=raw, body=raw)
    try:
        events, note = app.responses.create(json.loads(message), raw)
    except RefusedError as refusal:
        recording.add(request, refusal.status, {"wire": "responses", "refused": str(refusal)})
        _write(wire, writer, TextMessage(data=refusal_frame(refusal)))
        return
    recording.add(request, 200, note)
    for event in events:
        _write(wire, writer, TextMessage(data=json.dumps(event)))
