"""What the proxy is to decrypt and where it sends things, as plain values."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from headroom_wrap.errors import ConfigError

# Bytes of a request body from which on it is streamed, unread: nothing a model reads is as large.
LARGEST = 256 << 20
# Statuses with which a provider may refuse a changed body: the original is sent then.
REFUSALS = frozenset({400, 413, 422})
# The name beside the secret: URLs have no place for a password alone.
USER = "headroom"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Target:
    """Another base URL for a host."""

    scheme: str
    host: str
    port: int
    prefix: str

    def path(self, path: str) -> str:
        """The request's path below this base."""
        return self.prefix + path if self.prefix else path


@dataclass(frozen=True, slots=True)
class Corporate:
    """A proxy that the user goes through already, and the hosts it is not for."""

    url: str
    credentials: str = ""
    bypass: tuple[str, ...] = ()
    session: bool = False
    """Whether it is the proxy of a session that we run inside of."""

    def applies(self, host: str) -> bool:
        """Whether requests to this host go through it."""
        return not any(_covers(entry, host.lower()) for entry in self.bypass)


@dataclass(frozen=True, slots=True)
class Plan:
    """`hosts` may hold `*`; `authority` is the file of ours, `trust` what upstreams are checked
    against; `port` 0 takes any free one; without a `secret` every program on this machine may
    use the proxy."""

    hosts: tuple[str, ...]
    authority: Path
    trust: Path
    upstream: Mapping[str, Target] = field(default_factory=dict)
    corporate: Corporate | None = None
    port: int = 0
    secret: str = field(default="", repr=False)

    def decrypts(self, host: str) -> bool:
        """Whether requests to this host are read."""
        return bool(re.fullmatch(pattern(self.hosts), host, re.IGNORECASE))


def pattern(hosts: tuple[str, ...]) -> str:
    """A regular expression for these hosts, which matches nothing where there are none."""
    names = (re.escape(host).replace(r"\*", r"[^:/]+") for host in hosts)
    return f"(?:{'|'.join(names)})" if hosts else "(?!)"


def target(url: str) -> Target:
    """The parts of a base URL that has been checked."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Target(parts.scheme, parts.hostname or "", port, parts.path.rstrip("/"))


def corporate(environ: Mapping[str, str]) -> Corporate | None:
    """The proxy that the user's own variables name, if any."""
    names = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    name = next((name for name in names if environ.get(name)), "")
    if not name:
        return None
    parts, port = _proxy(name, environ[name])
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    credentials = ""
    if parts.username is not None:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    bypass = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    entries = tuple(entry.strip().lower() for entry in bypass.split(",") if entry.strip())
    session = parts.username == USER and parts.hostname in _LOOPBACK
    return Corporate(f"{parts.scheme}://{host}:{port}", credentials, entries, session)


def _proxy(name: str, given: str) -> tuple[SplitResult, int]:
    """The parts of a proxy's URL that a variable holds, and its port."""
    # Not the words of an error: a URL may hold a password.
    told, off = "", "HEADROOM_OFF=1 runs the agent without us"
    with contextlib.suppress(ValueError):
        parts = urlsplit(given if "://" in given else f"http://{given}")
        told = f" {parts.scheme}://{parts.hostname or '?'}"
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts, port
    what = f"cannot go through the proxy{told} in {name}"
    raise ConfigError(what, f"it must be http://HOST:PORT or https://HOST:PORT; {off}")


def _covers(entry: str, host: str) -> bool:
    name = entry.partition(":")[0].lstrip("*").lstrip(".")
    return entry == "*" or host == name or host.endswith(f".{name}")
