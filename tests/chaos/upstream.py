"""A model's server that answers at once, and checks that no conversation's prefix ever changes.

python -m tests.chaos.upstream PORT-FILE REPORT-FILE
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import signal
import sys
from pathlib import Path
from typing import Any

_MARK = re.compile(r"\[headroom(?: ([0-9a-f]{8}))?[^\n]*?(?:/([0-9a-f]{8}))?\]\Z")
_EVENTS: list[dict[str, Any]] = [
    {
        "type": "message_start",
        "message": {"model": "claude-opus-4-8", "usage": {"input_tokens": 9}},
    },
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "ok"}},
    {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 3}},
    {"type": "message_stop"},
]
_ANSWER = b"".join(
    b"event: %s\ndata: %s\n\n" % (each["type"].encode(), json.dumps(each).encode())
    for each in _EVENTS
)
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n"


class Seen:
    """What has arrived so far."""

    def __init__(self) -> None:
        self.requests = self.changed = 0
        self.results: dict[str, bytes] = {}
        self.hashes: set[str] = set()

    def take(self, body: bytes) -> None:
        """Hold every tool result against what was sent for the same call before."""
        self.requests += 1
        for message in json.loads(body)["messages"]:
            for block in message["content"] if isinstance(message["content"], list) else ():
                if block.get("type") == "tool_result":
                    self._result(block["tool_use_id"], block["content"])

    def _result(self, call: str, text: str) -> None:
        sent = hashlib.blake2b(text.encode(), digest_size=12).digest()
        if call not in self.results:
            self.results[call] = sent
            found = _MARK.search(text)
            if found:
                self.hashes.add(found[1] or found[2])
        self.changed += self.results[call] != sent

    def report(self, file: Path) -> None:
        """Write it down."""
        counts = {"requests": self.requests, "changed": self.changed}
        rows = {"results": len(self.results), "hashes": sorted(self.hashes)}
        file.write_text(json.dumps({**counts, **rows}))


async def serve(port_file: Path, report: Path) -> None:
    """Until SIGTERM."""
    seen, over = Seen(), asyncio.Event()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                seen.take(await reader.readexactly(int(length[1]) if length else 0))
                writer.write(_HEAD % len(_ANSWER) + _ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 20)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await over.wait()
    seen.report(report)


if __name__ == "__main__":
    asyncio.run(serve(*map(Path, sys.argv[1:])))
