"""The listening side: HTTP/1.1 by h11 and WebSocket by wsproto, on plain and TLS ports."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace

import brotli  # type: ignore[import-untyped]
import h11
import zstandard

from tests.fake.app import App
from tests.fake.exchange import Answer, Request
from tests.fake.faults import Fault, wanted
from tests.fake.record import Recording
from tests.fake.websocket import converse

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Model:
    """What every connection shares."""

    app: App
    recording: Recording
    websockets: bool = True


async def listen(
    model: Model, host: str, port: int, context: ssl.SSLContext | None = None
) -> asyncio.Server:
    """Serve on a port until the server is closed."""
    door = "tls" if context else "plain"

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, ssl.SSLError, h11.RemoteProtocolError, TimeoutError):
                await _serve(model, reader, writer, door)
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
        except asyncio.CancelledError:
            # The server ends. What is left open is a warning in whichever test comes later.
            writer.transport.abort()

    return await asyncio.start_server(connected, host, port, ssl=context)


async def _serve(
    model: Model, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, door: str
) -> None:
    wire = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    while True:
        request = await _request(wire, reader, writer, door)
        if request is None:
            return
        if request.header("upgrade").lower() == "websocket":
            if model.websockets:
                await converse(model.app, model.recording, request, reader, writer)
                return
            answer = Answer(426, {"content-length": "0"}, [])
        else:
            answer = await asyncio.to_thread(model.app.answer, request)
        fault = wanted(request)
        answer = fault.instead(answer)
        model.recording.add(request, answer.status, answer.note)
        if request.method == "HEAD":
            answer = replace(answer, chunks=[])
        if not await _send(wire, writer, answer, fault):
            return
        if wire.our_state is h11.MUST_CLOSE or wire.their_state is h11.MUST_CLOSE:
            return
        wire.start_next_cycle()


async def _request(
    wire: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, door: str
) -> Request | None:
    head, body = None, bytearray()
    async for event in _events(wire, reader):
        if isinstance(event, h11.Request):
            head = event
            if wire.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                writer.write(wire.send(go_on) or b"")
        elif isinstance(event, h11.Data):
            body += event.data
    if head is None:
        return None
    headers = [(key.decode(), value.decode("latin-1")) for key, value in head.headers]
    coding = dict(headers).get("content-encoding", "")
    plain = decoded(bytes(body), coding)
    return Request(head.method.decode(), head.target.decode(), headers, bytes(body), plain, door)


async def _events(
    wire: h11.Connection, reader: asyncio.StreamReader
) -> AsyncIterator[h11.Request | h11.Data]:
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            wire.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, (h11.Request, h11.Data)):
            yield event
        else:
            return


def decoded(body: bytes, coding: str) -> bytes:
    """The body without its content-encoding; as it is where that does not work out."""
    with suppress(OSError, EOFError, zlib.error, zstandard.ZstdError, brotli.error):
        if coding == "gzip":
            return gzip.decompress(body)
        if coding == "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(body)
        if coding == "br":
            return bytes(brotli.decompress(body))
    return body


async def _send(
    wire: h11.Connection, writer: asyncio.StreamWriter, answer: Answer, fault: Fault
) -> bool:
    headers = [(key.encode(), value.encode()) for key, value in answer.headers.items()]
    sent = wire.send(h11.Response(status_code=answer.status, headers=headers))
    writer.write(sent or b"")
    for at, chunk in enumerate(answer.chunks):
        if fault.cuts_at(at):
            writer.transport.abort()
            return False
        writer.write(wire.send(h11.Data(data=chunk)) or b"")
        await writer.drain()
        if fault.pause:
            await asyncio.sleep(fault.pause)
    writer.write(wire.send(h11.EndOfMessage()) or b"")
    await writer.drain()
    return True
