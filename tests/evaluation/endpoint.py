"""A model behind OpenAI's and Anthropic's endpoints on loopback, as strict as they are about
conversations; what it says and how it fails is up to the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fake import anthropic_rules, chat
from tests.fake.exchange import RefusedError

Json = dict[str, Any]


class Endpoint:
    """`say` answers a body with text or a call; `faults` are answered first, one a request."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.say: Callable[[Json], str | Json] = lambda body: "four minutes"
        self.faults: list[tuple[int, dict[str, str], Json | str]] = []
        self.seen: list[Json] = []
        """Bodies that were answered with a model's words."""
        self.heads: list[dict[str, str]] = []

    def answer(self, path: str, body: Json) -> tuple[int, dict[str, str], Any]:
        if self.faults:
            return self.faults.pop(0)
        try:
            check = anthropic_rules.check if path.endswith("/messages") else chat.check
            check(body)
        except RefusedError as problem:
            return 400, {}, {"error": {"type": "invalid_request_error", "message": str(problem)}}
        self.seen.append(body)
        said = self.say(body)
        if path.endswith("/v1/messages"):
            return 200, {}, _message(said)
        return (200, {}, _completion(said)) if path.endswith("/chat/completions") else (404, {}, {})


def _message(said: str | Json) -> Json:
    part = {"type": "text", "text": said}
    if isinstance(said, dict):
        part = {"type": "tool_use", "id": "toolu_1", "name": said["name"], "input": said["with"]}
    usage = {"input_tokens": 300, "output_tokens": 3}
    return {"type": "message", "model": "claude-x", "content": [part], "usage": usage}


def _completion(said: str | Json) -> Json:
    message: Json = {"role": "assistant", "content": said}
    if isinstance(said, dict):
        function = {"name": said["name"], "arguments": json.dumps(said["with"])}
        calls = [{"id": "call_1", "type": "function", "function": function}]
        message = {"role": "assistant", "content": None, "tool_calls": calls}
    usage = {"prompt_tokens": 300, "completion_tokens": 3, "total_tokens": 303}
    stop = "length" if isinstance(said, str) and said.endswith("…") else "stop"
    choice = {"message": message, "finish_reason": stop}
    return {"model": "model-x", "choices": [choice], "usage": usage}


@contextmanager
def serving() -> Iterator[Endpoint]:
    """The endpoint in a thread, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            found.heads.append({key.lower(): value for key, value in self.headers.items()})
            status, headers, value = found.answer(self.path, body)
            answer = value.encode() if isinstance(value, str) else json.dumps(value).encode()
            self.send_response(status)
            for key, each in {"content-length": str(len(answer)), **headers}.items():
                self.send_header(key, each)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Endpoint(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, name="endpoint", daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def told(body: Json) -> str:
    """All that a request says, as one text."""
    return json.dumps(body, ensure_ascii=False)
