"""A sample session of a coding agent: real outputs of real tools, one request after the other."""

from __future__ import annotations

import json
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Any

from headroom_wrap import ledger, report
from headroom_wrap.demo.stage import Stage, stage
from headroom_wrap.types import Level

HOST, PATH = "api.anthropic.com", "/v1/messages"
PROJECT = "/home/me/app"
_PROMPT = "Why does the install pull libsystemd0, and which rule is about airflow31? Fix the tests."
# (tool, argument, file in data/)
_STEPS = (
    ("Bash", "ls -lR h11 hpack", "listing.txt"),
    ("Bash", "ruff rule --all --output-format json", "rules.json"),
    ("Read", "h11/_util.py", "util.py.txt"),
    ("Bash", 'grep -rn "raise " h11 idna', "raise.txt"),
    ("Bash", "cat /var/log/dpkg.log", "dpkg.txt"),
    ("Bash", "pytest -v", "tests.txt"),
    ("Read", "h11/_util.py", "util.py.txt"),
    ("Bash", "git log --stat -n 12", "history.txt"),
)


def play(on: Stage, pause: float) -> None:
    """Send the whole session, a step at a time."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": _PROMPT}]
    for number, (tool, argument, file) in enumerate(_STEPS):
        text = (resources.files("headroom_wrap.demo") / "data" / file).read_text("utf-8")
        key = "file_path" if tool == "Read" else "command"
        name = f"toolu_demo_{number:016}"
        use = {"type": "tool_use", "id": name, "name": tool, "input": {key: argument}}
        back = {"type": "tool_result", "tool_use_id": name, "content": text}
        messages.append({"role": "assistant", "content": [use]})
        messages.append({"role": "user", "content": [back]})
        on.send(HOST, PATH, _body(messages))
        time.sleep(pause)


def _body(messages: list[dict[str, Any]]) -> bytes:
    mark = {"type": "ephemeral"}
    system = [{"type": "text", "text": "You are a coding agent.", "cache_control": mark}]
    whole = {"model": "claude-opus-4-8", "stream": True, "system": system, "messages": messages}
    return json.dumps(whole).encode()


def main(home: str, level: str, pause: str) -> None:
    """Run as a process of its own: the dashboard beside it reads what it writes."""
    with stage(Path(home), [HOST], PROJECT, Level(level)) as on:
        play(on, float(pause))
        # Then all is accounted for.
        on.server.stop()
        total = report.total(ledger.rows(on.store))
    sys.stdout.write(report.exit_line(total) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
