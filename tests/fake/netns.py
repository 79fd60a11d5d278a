"""Turns a bare network namespace into a world where every host name is the fake."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import subprocess
from pathlib import Path

HOSTS = (
    "api.anthropic.com",
    "api.openai.com",
    "chatgpt.com",
    "api.github.com",
    "github.com",
    "api.individual.githubcopilot.com",
    "proxy.individual.githubcopilot.com",
    "telemetry.individual.githubcopilot.com",
)
_SIOCSIFFLAGS = 0x8914
_UP_RUNNING = 0x41


def enter(folder: Path) -> None:
    """Bring loopback up, and point the model hosts and the name server at it."""
    with socket.socket() as link:
        fcntl.ioctl(link, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _UP_RUNNING))
    names = "\n".join(f"127.0.0.1 {name}" for name in ("localhost", *HOSTS))
    for target, text in (
        ("/etc/hosts", names + "\n::1 localhost\n"),
        ("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"),
    ):
        ours = folder / Path(target).name
        ours.write_text(text)
        subprocess.run(["mount", "--bind", str(ours), target], check=True)


class NameLog(asyncio.DatagramProtocol):
    """A name server that knows nobody and writes down who was asked for."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer "no such name"."""
        labels, at = [], 12
        while at < len(data) and data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode("latin-1"))
            at += 1 + data[at]
        with self._log.open("a") as log:
            log.write(".".join(labels) + "\n")
        self._transport.sendto(data[:2] + b"\x81\x83" + data[4:6] + bytes(6) + data[12:], addr)
