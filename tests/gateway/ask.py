"""Requests as raw as a test needs them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def line(url: str) -> http.client.HTTPConnection:
    """A connection to the server of a URL."""
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)


def post(url: str, body: object, headers: Mapping[str, str] | None = None) -> Answered:
    """POST with a body in JSON, or bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send("POST", url, raw, {"content-type": "application/json", **(headers or {})})


def get(url: str, headers: Mapping[str, str] | None = None) -> Answered:
    return send("GET", url, None, headers or {})


def send(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answered:
    connection = line(url)
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body, dict(headers))
        answer = connection.getresponse()
        named = {key.lower(): value for key, value in answer.getheaders()}
        return Answered(answer.status, named, answer.read())
    finally:
        connection.close()
