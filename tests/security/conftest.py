"""A wrapped agent that does as it is told, with the fake model behind it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.fake.local import serving
from tests.fake.record import Seen, seen

HOST, SOCKETS = "api.anthropic.com", "api.openai.com"
_ROOT = Path(__file__).parents[2]
_SHIM = '#!/bin/sh\nexec "{python}" -m tests.security.agent\n'


@dataclass(frozen=True)
class Wrapped:
    """A running `headroom wrap`. The tests' own process is a stranger to it."""

    folder: Path
    fake: int
    process: subprocess.Popen[str]
    environ: Mapping[str, str]
    """The agent's."""

    @property
    def port(self) -> int:
        """Where the forward proxy listens."""
        return urlsplit(self.environ["HTTPS_PROXY"]).port or 0

    @property
    def credentials(self) -> str:
        """What the agent was given to say who it is, `name:password`."""
        parts = urlsplit(self.environ["HTTPS_PROXY"])
        return f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"

    @property
    def known(self) -> str:
        """The header of somebody who has the secret."""
        return basic(self.credentials)

    @property
    def home(self) -> Path:
        """Where everything of ours lies."""
        return self.folder / "headroom"

    def run(self, *command: str) -> tuple[int, str, str]:
        """Have the agent run a command: its exit code, output and errors."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        code, out, err = json.loads(self.process.stdout.readline())
        return code, out, err

    def raw(self, head: str, body: bytes = b"") -> bytes:
        """What comes back to a stranger for these bytes, until the end or a whole head has come."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as line:
            line.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n" + body)
            found = b""
            with contextlib.suppress(ConnectionResetError):
                while b"\r\n\r\n" not in found and (more := line.recv(1 << 16)):
                    found += more
            return found

    def seen(self) -> list[Seen]:
        """What reached the model."""
        log = self.folder / "fake" / "requests.jsonl"
        return list(seen(self.folder / "fake")) if log.exists() else []

    def end(self) -> str:
        """The agent ends; what was said to the user."""
        _, err = self.process.communicate(timeout=60)
        return err


def basic(word: str) -> str:
    """A header that carries `name:password`."""
    return "Proxy-Authorization: Basic " + base64.b64encode(word.encode()).decode() + "\n"


@contextlib.contextmanager
def wrapping(
    folder: Path, arguments: Sequence[str] = (), environ: Mapping[str, str] | None = None
) -> Iterator[Wrapped]:
    """`headroom wrap claude`, until the block is left."""
    shim = folder / "bin" / "claude"
    for each in (folder / "home", shim.parent):
        each.mkdir(exist_ok=True)
    shim.write_text(_SHIM.format(python=sys.executable))
    shim.chmod(0o755)
    variables = {
        "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "HOME": str(folder / "home"),
        "HEADROOM_HOME": str(folder / "headroom"),
        "PYTHONPATH": str(_ROOT),
        "LANG": "C.UTF-8",
        **(environ or {}),
    }
    with serving(folder / "fake") as port:
        fake = f"http://127.0.0.1:{port}"
        upstream = [w for host in (HOST, SOCKETS) for w in ("--upstream", f"{host}={fake}")]
        process = subprocess.Popen(
            [sys.executable, "-m", "headroom_wrap", "wrap", *arguments, "claude", *upstream],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            given = process.stdout.readline()
            assert given, process.communicate()[1]
            yield Wrapped(folder, port, process, json.loads(given))


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wrapped]:
    """One for all tests that leave it as they found it."""
    with wrapping(tmp_path_factory.mktemp("wrapped")) as running:
        yield running


@pytest.fixture
def wrap(tmp_path: Path) -> Callable[..., contextlib.AbstractContextManager[Wrapped]]:
    """`wrapped` with options or variables."""
    return lambda *arguments, **environ: wrapping(tmp_path, arguments, environ)
