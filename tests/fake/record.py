"""Keeps every request byte for byte, so that tests can assert on what really arrived."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fake.exchange import Request

_INDEX = "requests.jsonl"


class Recording:
    """Writes one line per request into a folder, bodies into files beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 0
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, request: Request, status: int, note: Mapping[str, object]) -> None:
        """Keep a request and what it was answered with."""
        number = self._next
        self._next += 1
        (self._folder / f"{number:04d}.body").write_bytes(request.body)
        (self._folder / f"{number:04d}.wire").write_bytes(request.wire)
        line = {
            "number": number,
            "time": time.time(),
            "door": request.door,
            "method": request.method,
            "host": request.host,
            "path": request.path,
            "headers": request.headers,
            "status": status,
            **note,
        }
        with (self._folder / _INDEX).open("a") as index:
            index.write(json.dumps(line) + "\n")


@dataclass(frozen=True)
class Seen:
    """One recorded request."""

    facts: Mapping[str, Any]
    body: bytes
    wire: bytes

    @property
    def route(self) -> str:
        """Host and path without the query."""
        return f"{self.facts['host']}{self.facts['path'].partition('?')[0]}"

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def model_call(self) -> bool:
        """Whether the model was asked, not a side endpoint."""
        return "usage" in self.facts or (self.facts["status"] >= 400 and "wire" in self.facts)


def seen(folder: Path) -> Iterator[Seen]:
    """All requests recorded so far, in order of arrival."""
    index = folder / _INDEX
    if not index.exists():
        return
    for line in index.read_text().splitlines():
        facts = json.loads(line)
        stem = folder / f"{facts['number']:04d}"
        body, wire = stem.with_suffix(".body"), stem.with_suffix(".wire")
        yield Seen(facts, body.read_bytes(), wire.read_bytes())
