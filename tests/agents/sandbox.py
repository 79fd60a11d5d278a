"""A loopback-only namespace with the fake model in it; all that runs inside dies with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fake.record import Seen, seen

_ROOT = Path(__file__).parents[2]
_SPACES = ["--net", "--mount", "--pid"]
_PATIENCE = 20.0


@dataclass(frozen=True)
class Ran:
    """How one command ended."""

    code: int
    out: str
    err: str
    hung: bool

    def __str__(self) -> str:
        ending = "HUNG" if self.hung else f"exit {self.code}"
        return f"{ending}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


@dataclass
class Sandbox:
    """One namespace, one fake, one home folder."""

    folder: Path
    websockets: bool = True
    env: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Sandbox:
        for place in (self.home, self.work, self.folder / "tmp"):
            place.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-m", "tests.fake", str(self.log), "--namespace"]
        words += [] if self.websockets else ["--no-websockets"]
        with (self.folder / "fake.err").open("wb") as errors:
            self._unshare = subprocess.Popen(
                [
                    "unshare",
                    *_as_root(),
                    *_SPACES,
                    "--fork",
                    "--kill-child",
                    "--mount-proc",
                    *words,
                ],
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stderr=errors,
            )
        deadline = time.monotonic() + _PATIENCE
        while not (self.log / "port").exists():
            if self._unshare.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the fake model did not start")
            time.sleep(0.02)
        self.port = int((self.log / "port").read_text())
        self._inside = int(_children(self._unshare.pid)[0])
        return self

    def __exit__(self, *_: object) -> None:
        # The fake is the namespace's first process: the kernel ends all others with it.
        os.kill(self._inside, signal.SIGKILL)
        self._unshare.wait(_PATIENCE)

    @property
    def home(self) -> Path:
        """The agent's HOME."""
        return self.folder / "home"

    @property
    def work(self) -> Path:
        """Where the agent runs."""
        return self.folder / "work"

    @property
    def log(self) -> Path:
        """What the fake wrote down."""
        return self.folder / "log"

    def requests(self) -> list[Seen]:
        """All that has arrived so far."""
        return list(seen(self.log))

    def names(self) -> set[str]:
        """Host names that somebody tried to look up."""
        log = self.log / "names"
        return set(log.read_text().split()) if log.exists() else set()

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """A clean environment: nothing of the developer's own settings or keys."""
        certificate = str(self.log / "ca.pem")
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.folder / "tmp"),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "SHELL": "/bin/bash",
            "USER": "tester",
            "SSL_CERT_FILE": certificate,
            "NODE_EXTRA_CA_CERTS": certificate,
            **self.env,
            **(more or {}),
        }

    def enter(self, words: Sequence[str]) -> list[str]:
        """The command line that runs `words` inside."""
        user = ["--user", "--preserve-credentials"] if _as_root() else []
        target = ["nsenter", "--target", str(self._inside), *user, *_SPACES]
        return [*target, f"--wdns={self.work}", "--", *words]

    def start(
        self, words: Sequence[str], env: Mapping[str, str] | None = None, stdin: int | None = None
    ) -> subprocess.Popen[str]:
        """Run a command inside and leave it running."""
        return subprocess.Popen(
            self.enter(words),
            env=self.environment(env),
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def run(
        self,
        words: Sequence[str],
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        timeout: float = 60,
    ) -> Ran:
        """Run a command inside to its end, or to the end of our patience."""
        child = self.start(words, env, None if stdin is None else subprocess.PIPE)
        try:
            out, err = child.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            return Ran(child.returncode, out, err, hung=True)
        return Ran(child.returncode, out, err, hung=False)

    def alive(self) -> list[str]:
        """Command lines of what still runs inside, the fake aside."""
        listing = self.run(["ps", "-e", "-o", "pid=,stat=,args="], timeout=_PATIENCE).out
        rows = [line.split(None, 2) for line in listing.splitlines()]
        return [
            row[2] for row in rows if row[0] != "1" and row[1][0] != "Z" and row[2][:3] != "ps "
        ]


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["--map-root-user"]


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def permitted() -> bool:
    """Whether this machine lets us make such a namespace."""
    words = ["unshare", *_as_root(), *_SPACES, "--fork", "--mount-proc", "true"]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
