"""A model on loopback: keeps what it was sent and answers with what that would have cost."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from headroom_wrap import tokens, wire

_ANSWER = "Understood."


class Model:
    """Listens from `start` to `stop`; `bodies` holds the requests as they arrived."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self._held: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def usage(self, path: str, body: bytes) -> dict[str, int]:
        """Tokens as Anthropic would split them, for one conversation."""
        found = wire.read("", path, body)
        messages = [body[start:end] for start, end in found[1].messages] if found else [body]
        sizes = [tokens.count(message.decode("utf-8", "replace")) for message in messages]
        known = 0
        for message, held, size in zip(messages, self._held, sizes, strict=False):
            if message != held:
                break
            known += size
        self._held = messages
        written = sum(sizes) - known
        return {
            "input_tokens": 0,
            "cache_read_input_tokens": known,
            "cache_creation_input_tokens": written,
            "output_tokens": tokens.count(_ANSWER),
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                model.bodies.append(body)
                self._send(model.usage(self.path, body))

            def _send(self, usage: dict[str, int]) -> None:
                said = "".join(f"data: {json.dumps(event)}\n\n" for event in _events(usage))
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


def _events(usage: dict[str, int]) -> list[dict[str, Any]]:
    head = {"model": "claude-opus-4-8", "role": "assistant", "content": [], "usage": usage}
    text = {"type": "text_delta", "text": _ANSWER}
    return [
        {"type": "message_start", "message": head},
        {"type": "content_block_delta", "index": 0, "delta": text},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage},
        {"type": "message_stop"},
    ]
