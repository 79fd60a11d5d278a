"""headroom-ai beside us: a child process in its own venv that answers a JSON line per line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from typing import Any

_HASH = re.compile(r"(?:hash=|<<ccr:)([0-9a-f]{8,})")


class Rival:
    """The parent's side."""

    def __init__(self, python: str) -> None:
        self.shown: list[Any] = []
        self._home = tempfile.TemporaryDirectory()
        self._child = subprocess.Popen(
            [python, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=self._home.name,
        )

    def compress(self, messages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], float, float]:
        answer = self._ask(messages=messages)
        return answer["messages"], answer["ms"], answer["cpu_ms"]

    def recover(self, messages: list[dict[str, Any]]) -> str:
        names = _HASH.findall(json.dumps(messages))
        return str(self._ask(hashes=sorted(set(names)))["text"])

    def close(self) -> None:
        self._child.communicate()
        self._home.cleanup()

    def _ask(self, **question: Any) -> Any:
        if self._child.stdin is None or self._child.stdout is None:
            raise ValueError("the child has no pipes")
        self._child.stdin.write(json.dumps(question) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit("the rival ended: does its Python have headroom-ai?")
        return json.loads(line)


def serve() -> None:
    """The child's side."""
    # Ours has the same name: the script's own folder must not be in the way.
    sys.path.pop(0)
    from headroom.cache.compression_store import get_compression_store

    from headroom import compress

    answers, sys.stdout = sys.stdout, sys.stderr
    for question in map(json.loads, sys.stdin):
        if "messages" in question:
            started, worked = time.perf_counter(), time.process_time()
            done = compress(question["messages"], model="gpt-4o")
            spent = 1e3 * (time.perf_counter() - started)
            cpu = 1e3 * (time.process_time() - worked)
            answer = {"messages": done.messages, "ms": spent, "cpu_ms": cpu}
        else:
            found = map(get_compression_store().retrieve, question["hashes"])
            answer = {"text": "\n".join(str(entry.original_content) for entry in found if entry)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
