"""Headroom as the benchmark sees it: messages through the real pipeline, with its own store."""

from __future__ import annotations

import json
import time
from pathlib import Path

from corpus import Messages

from headroom_wrap import marker
from headroom_wrap.ledger import Shown
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.store import Store
from headroom_wrap.types import Level

_HOST, _PATH = "api.openai.com", "/v1/chat/completions"


class Ours:
    """One session."""

    def __init__(self, folder: Path, level: Level) -> None:
        self.level = level
        self._store = Store(folder)
        judge = Judge(level)
        # As a session does while its model thinks for the first time.
        judge.prepare()
        self._pipeline = Pipeline(self._store, judge, Situation(session="bench"))
        self.shown: list[Shown] = []
        """What was done to the results that were new in the last request."""

    def compress(self, messages: Messages) -> tuple[Messages, float, float]:
        """The messages as they would be sent, and the milliseconds it took: by the clock, and of
        the processor, on all threads."""
        body = json.dumps({"model": "gpt-4o", "messages": messages}).encode()
        started, worked = time.perf_counter(), time.process_time()
        done = self._pipeline.shorten(_HOST, _PATH, body)
        ms, cpu_ms = 1e3 * (time.perf_counter() - started), 1e3 * (time.process_time() - worked)
        if done.record is None:
            raise ValueError("the wire does not read these messages")
        self.shown = list(done.record.row.new)
        sent: Messages = json.loads(done.body)["messages"]
        return sent, ms, cpu_ms

    def recover(self, messages: Messages) -> str:
        """The originals that the markers in these messages name."""
        names = {name for text in texts(messages) for name in marker.hashes(text)}
        found = map(self._store.original, sorted(names))
        return "\n".join(original.text for original in found if original)

    def close(self) -> None:
        self._store.close()


def texts(messages: Messages, role: str = "") -> list[str]:
    """The texts of the messages, or of those with one role."""
    found = []
    for message in messages:
        content = message.get("content")
        if role and message["role"] != role:
            continue
        if isinstance(content, str):
            found.append(content)
        elif isinstance(content, list):
            found += [part["text"] for part in content if "text" in part]
    return found
