"""`headroom proxy` as a process of its own, in front of the fake model."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fake.local import serving
from tests.fake.record import Seen, seen

HOSTS = ("api.anthropic.com", "api.openai.com", "generativelanguage.googleapis.com", "chatgpt.com")
_PATIENCE = 100.0


@dataclass(frozen=True)
class Gateway:
    """A running proxy: where it listens, the fake behind it, and its process."""

    url: str
    folder: Path
    fake: int
    process: subprocess.Popen[str]
    said: queue.Queue[str]

    def seen(self) -> list[Seen]:
        """What arrived at the model."""
        return list(seen(self.folder / "fake"))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)


@contextlib.contextmanager
def gateway(
    folder: Path, *arguments: str, environ: Mapping[str, str] | None = None
) -> Iterator[Gateway]:
    """Both servers, until the block is left."""
    with serving(folder / "fake") as port:
        upstream = ",".join(f"{host}=http://127.0.0.1:{port}" for host in HOSTS)
        variables = {**os.environ, "HEADROOM_HOME": str(folder / "home")}
        variables |= {"HEADROOM_UPSTREAM": upstream, **(environ or {})}
        command = [sys.executable, "-m", "headroom_wrap", "proxy", "--port", "0", *arguments]
        process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=variables
        )
        said: queue.Queue[str] = queue.Queue()
        listener = threading.Thread(target=_listen, args=(process, said))
        listener.start()
        try:
            yield Gateway(_url(said), folder, port, process, said)
        finally:
            process.kill()
            process.wait()
            listener.join()


def _listen(process: subprocess.Popen[str], said: queue.Queue[str]) -> None:
    assert process.stderr is not None
    with process.stderr as stream:
        for line in stream:
            said.put(line)
    said.put("")


def _url(said: queue.Queue[str]) -> str:
    lines = []
    while line := said.get(timeout=_PATIENCE):
        lines.append(line)
        found = re.search(r"listening on (\S+)", line)
        if found:
            return found[1]
    raise AssertionError("".join(lines))
