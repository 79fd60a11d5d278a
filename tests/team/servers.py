"""Redis servers on loopback ports: alone, three as a cluster, or one that a sentinel watches."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")
CLI = shutil.which("redis-cli") or shutil.which("valkey-cli")
ADVICE = "neither redis-server nor valkey-server is installed: .ci/steps/teams install"
_PATIENCE = 30.0
_SLOTS = 16384


@dataclass
class Server:
    """One process; `stop` and `start` again keep its port and its data."""

    folder: Path
    port: int
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> None:
        assert PROGRAM
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "redis.conf"
        if not config.exists():
            config.write_text("\n".join(("bind 127.0.0.1", *self.options)) + "\n")
        own = ("--port", str(self.port), "--dir", str(self.folder), "--save", "")
        self.process = subprocess.Popen(
            [PROGRAM, str(config), *own, *more], stdout=subprocess.DEVNULL
        )
        until(self._answers)

    def _answers(self) -> bool:
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False

    def client(self) -> redis.Redis:
        return redis.Redis("127.0.0.1", self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@dataclass
class Fleet:
    """Servers and the URL by which clients find them."""

    url: str
    servers: list[Server] = field(default_factory=list)

    def names(self) -> list[bytes]:
        """All names in all of them."""
        found: list[bytes] = []
        for server in self.servers:
            with server.client() as client:
                found += client.keys("*")
        return found


def until(done: object, patience: float = _PATIENCE) -> None:
    """Waits until a call says so."""
    assert callable(done)
    end = time.monotonic() + patience
    while not done():
        assert time.monotonic() < end, f"{done} took too long"
        time.sleep(0.05)


def free_port() -> int:
    # A cluster's nodes talk on 10,000 ports above.
    while True:
        with socket.socket() as probe, socket.socket() as bus:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            with contextlib.suppress(OSError, OverflowError):
                bus.bind(("127.0.0.1", port + 10_000))
                return port


@contextlib.contextmanager
def alone(folder: Path, *options: str) -> Iterator[Fleet]:
    """One server that writes each change to its disk."""
    server = Server(folder, free_port(), ("appendonly yes", "appendfsync always", *options))
    try:
        server.start()
        yield Fleet(f"redis://127.0.0.1:{server.port}/0", [server])
    finally:
        server.stop()


@contextlib.contextmanager
def cluster(folder: Path, count: int = 3) -> Iterator[Fleet]:
    """So many masters, each with a part of the slots."""
    options = ("appendonly yes", "cluster-enabled yes", "cluster-node-timeout 1000")
    servers = [Server(folder / str(n), free_port(), options) for n in range(count)]
    try:
        for server in servers:
            server.start()
        assert CLI
        where = [f"127.0.0.1:{server.port}" for server in servers]
        command = [CLI, "--cluster", "create", *where, "--cluster-replicas", "0", "--cluster-yes"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        until(lambda: all(_whole(server) for server in servers))
        yield Fleet(f"redis+cluster://{','.join(where)}", servers)
    finally:
        for server in servers:
            server.stop()


def _whole(server: Server) -> bool:
    with server.client() as client:
        return bool(client.cluster("INFO")["cluster_state"] == "ok")


@contextlib.contextmanager
def watched(folder: Path) -> Iterator[Fleet]:
    """A master with a replica, and a sentinel that makes the replica master when it is gone."""
    master = Server(folder / "master", free_port(), ("appendonly yes",))
    follower = (
        f"replicaof 127.0.0.1 {master.port}",
        "appendonly yes",
        "repl-diskless-sync-delay 0",
    )
    replica = Server(folder / "replica", free_port(), follower)
    rules = (
        f"sentinel monitor team 127.0.0.1 {master.port} 1",
        "sentinel down-after-milliseconds team 1000",
        "sentinel failover-timeout team 5000",
    )
    sentinel = Server(folder / "sentinel", free_port(), rules)
    servers = [master, replica, sentinel]
    try:
        master.start()
        replica.start()
        until(lambda: replica.client().info("replication")["master_link_status"] == "up")
        sentinel.start("--sentinel")
        until(lambda: sentinel.client().sentinel_slaves("team"))
        yield Fleet(f"redis+sentinel://127.0.0.1:{sentinel.port}/team", [master, replica])
    finally:
        for server in servers:
            server.stop()
