"""`headroom wrap claude`, where `claude` is the probe and its model the fake."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fake.local import serving
from tests.fake.record import Seen, seen

_ROOT = Path(__file__).parents[2]
PATIENCE = 100.0
_SHIM = '#!/bin/sh\nexec "{python}" -m tests.proxy_faults.probe "$@"\n'


@dataclass(frozen=True)
class Ask:
    """One request for the probe to send."""

    body: bytes
    path: str = "/v1/messages"
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    leave: bool = False
    """Hang up after the first byte of the answer."""


@dataclass(frozen=True)
class Answered:
    """What the probe got back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    error: str
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """How a wrapped probe ended."""

    code: int
    err: str
    answers: list[Answered]


@dataclass(frozen=True)
class Bench:
    """A folder, a fake and the command line that joins them."""

    folder: Path
    port: int

    @property
    def seen(self) -> list[Seen]:
        """What reached the fake."""
        return list(seen(self.folder / "log"))

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Ours only: a developer's own proxy or key must not leak in."""
        return {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "HEADROOM_HOME": str(self.folder / "headroom"),
            "PYTHONPATH": str(_ROOT),
            "LANG": "C.UTF-8",
            **more,
        }

    def start(
        self,
        asks: Sequence[Ask],
        name: str = "job",
        env: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
        upstream: int = 0,
        leave_with: int = 0,
        parallel: int = 1,
    ) -> subprocess.Popen[str]:
        """Start a wrapped probe."""
        requests = []
        for at, ask in enumerate(asks):
            body = self.folder / f"{name}-{at}.bin"
            body.write_bytes(ask.body)
            headers = {"content-type": "application/json", **ask.headers}
            requests.append({**vars(ask), "headers": headers, "body": str(body)})
        job = self.folder / f"{name}.json"
        job.write_text(json.dumps({"requests": requests, "parallel": parallel, "exit": leave_with}))
        place = f"api.anthropic.com=http://127.0.0.1:{upstream or self.port}"
        ours = [sys.executable, "-m", "headroom_wrap", "wrap", "claude", "--upstream", place]
        return subprocess.Popen(
            [*before, *ours, "--", str(job), str(self.folder / f"{name}.out")],
            env=self.environment(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, child: subprocess.Popen[str], name: str = "job") -> Outcome:
        """Wait for a probe; a hang is a failure."""
        try:
            _, err = child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            _, err = child.communicate()
            pytest.fail(f"hung: {err}")
        out = self.folder / f"{name}.out"
        rows: list[dict[str, Any]] = json.loads(out.read_text()) if out.exists() else []
        return Outcome(child.returncode, err, [_answered(row) for row in rows])

    def send(self, *asks: Ask, **how: Any) -> Outcome:
        """Send these requests, one after the other unless told otherwise."""
        return self.finish(self.start(asks, **how), how.get("name", "job"))


def _answered(row: Mapping[str, Any]) -> Answered:
    return Answered(
        row.get("status", 0),
        row.get("headers", {}),
        base64.b64decode(row.get("body", "")),
        row.get("error", ""),
        row["seconds"],
    )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A fresh bench with the probe in place of Claude Code."""
    (tmp_path / "home").mkdir()
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "claude"
    shim.write_text(_SHIM.format(python=sys.executable))
    shim.chmod(0o755)
    with serving(tmp_path / "log") as port:
        yield Bench(tmp_path, port)
