"""Requests and answers as values, and the refusals that a strict provider gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """One request as it arrived; `body` is decoded, `wire` is what was on the wire."""

    method: str
    path: str
    headers: Headers
    wire: bytes
    body: bytes
    door: str
    """Which port it came in by: `plain`, or `tls` for the real host name on 443."""

    def header(self, name: str) -> str:
        """The value of a header, empty if it was not sent."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def host(self) -> str:
        """The host name without the port."""
        return self.header("host").rpartition(":")[0] or self.header("host")

    @property
    def route(self) -> str:
        """The path without the query."""
        return self.path.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """What goes back; each chunk is sent, and can be waited for, on its own."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterable[bytes]
    note: Mapping[str, object] = field(default_factory=dict)
    """What the recording keeps about it: usage, the reason of a refusal."""


class RefusedError(Exception):
    """The request breaks the provider's rules."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def as_json(value: object, status: int = 200, note: Mapping[str, object] | None = None) -> Answer:
    """A plain JSON answer."""
    body = json.dumps(value).encode()
    return Answer(status, {"content-type": "application/json"}, [body], note or {})


def as_events(events: Iterable[bytes], note: Mapping[str, object] | None = None) -> Answer:
    """A stream of server-sent events, one chunk each."""
    headers = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
    return Answer(200, headers, events, note or {})


def named_event(data: Mapping[str, object]) -> bytes:
    """An event whose name is its `type`."""
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()
