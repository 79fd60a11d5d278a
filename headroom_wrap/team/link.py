"""The way to Redis or Valkey: one client a process, and no waiting while it is away."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from headroom_wrap.errors import AwayError, ConfigError, StoreError

if TYPE_CHECKING:
    import redis

_log = logging.getLogger(__name__)
# A request waits so long once, at the moment when the store goes away; nobody waits after that.
_CONNECT, _ANSWER = 0.25, 0.5
_AGAIN, _AT_MOST = 0.5, 5.0
_PORT = 6379
_ALIASES = {"valkey": "redis", "valkeys": "rediss"}

Command = tuple[Any, ...]


class Link:
    """Thread-safe. `returned` are called before it counts as back, by a thread of ours; they may
    raise AwayError. Each return is a new `epoch`."""

    def __init__(self, url: str) -> None:
        self._client = client(url)
        self._gone = threading.Event()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self.epoch = 0
        self.returned: list[Callable[[], None]] = []

    @property
    def away(self) -> bool:
        return self._gone.is_set()

    def run(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to commands, in order. Raises AwayError, at once while it is away."""
        if self.away:
            raise AwayError("the shared store is away")
        try:
            return self.straight(commands)
        except AwayError:
            self.leave()
            raise

    def straight(self, commands: Sequence[Command]) -> list[Any]:
        """The same, tried even while it is away."""
        from redis.exceptions import RedisError

        if not commands:
            return []
        try:
            pipeline = self._client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            return list(pipeline.execute())
        except (RedisError, OSError) as problem:
            raise AwayError(f"the shared store cannot be used: {problem}") from problem

    def names(self, pattern: str) -> list[bytes]:
        """The names of rows on all machines. Raises AwayError."""
        from redis.exceptions import RedisError

        if self.away:
            raise AwayError("the shared store is away", "try again when it is back")
        try:
            return list(self._client.scan_iter(match=pattern, count=1000))
        except (RedisError, OSError) as problem:
            raise AwayError(f"the shared store cannot be used: {problem}") from problem

    def check(self) -> bool:
        """Whether it is there and takes what is written, on each of its machines."""
        try:
            self.straight([("SET", f"headroom:{{probe{n}}}", "1", "EX", 60) for n in range(16)])
        except AwayError as problem:
            _log.debug("%s", problem)
            return False
        return True

    def leave(self) -> None:
        """Nobody asks it any more, until a thread of ours has found it again."""
        with self._lock:
            if self.away or self._closed.is_set():
                return
            self._gone.set()
            threading.Thread(target=self._come_back, name="shared store", daemon=True).start()
        _log.error("the shared store is away: only exact shortening until it is back")

    def _come_back(self) -> None:
        pause = _AGAIN
        while not self._closed.wait(pause):
            pause = min(pause * 1.5, _AT_MOST)
            if self.check() and self._welcome():
                return

    def _welcome(self) -> bool:
        """Whether all that was put down meanwhile is there now."""
        try:
            for each in list(self.returned):
                each()
        except StoreError as problem:
            _log.error("the shared store is back, but: %s", problem)
            return False
        self.epoch += 1
        self._gone.clear()
        _log.warning("the shared store is back")
        return True

    def close(self) -> None:
        self._closed.set()
        self._client.close()


def client(url: str) -> Any:
    """A client that gives up soon; raises ConfigError at a URL that makes no sense."""
    try:
        from redis import Redis, RedisCluster, Sentinel
        from redis.backoff import NoBackoff
        from redis.cluster import ClusterNode
        from redis.retry import Retry
    except ImportError as problem:
        raise ConfigError(
            "HEADROOM_STORE names a Redis, but its client is not installed",
            "pip install 'headroom-wrap[team]'",
        ) from problem
    scheme, _, kind = urlsplit(url).scheme.partition("+")
    scheme = _ALIASES.get(scheme, scheme)
    # Once more at once: a connection may have been closed while nobody used it.
    patience: dict[str, Any] = {
        "socket_connect_timeout": _CONNECT,
        "socket_timeout": _ANSWER,
        "retry": Retry(NoBackoff(), 1),
    }
    try:
        if not kind:
            plain = scheme + url[url.index(":") :]
            return Redis.from_url(plain, **patience)
        whole = {**patience, **_login(url), "ssl": scheme == "rediss"}
        nodes = _nodes(url)
        if kind == "cluster":
            starts = [ClusterNode(host, port) for host, port in nodes]
            return _Late(lambda: RedisCluster(startup_nodes=starts, **whole))
        name, _, number = urlsplit(url).path.strip("/").partition("/")
        watch = Sentinel(nodes, sentinel_kwargs=_sentinels(whole), **whole)
        return watch.master_for(name, db=int(number or 0), **whole)
    except (ValueError, TypeError) as problem:
        raise ConfigError(f"HEADROOM_STORE is no URL of a Redis: {problem}", _FORMS) from problem


_FORMS = (
    "redis://host:6379/0, rediss://…, redis+cluster://host,host,host "
    "or redis+sentinel://host,host/name"
)


class _Late:
    """A cluster's client asks for the nodes when it is made; they may not be up yet."""

    def __init__(self, make: Callable[[], redis.RedisCluster]) -> None:
        self._make = make
        self._made: redis.RedisCluster | None = None
        self._lock = threading.Lock()

    def pipeline(self, transaction: bool) -> Any:
        return self._client().pipeline()

    def scan_iter(self, **wanted: Any) -> Any:
        return self._client().scan_iter(**wanted)

    def _client(self) -> redis.RedisCluster:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def close(self) -> None:
        if self._made is not None:
            self._made.close()


def _login(url: str) -> dict[str, Any]:
    user, has_password, password = urlsplit(url).netloc.rpartition("@")[0].partition(":")
    found: dict[str, Any] = {}
    if user:
        found["username"] = unquote(user)
    if has_password:
        found["password"] = unquote(password)
    return found


def _nodes(url: str) -> list[tuple[str, int]]:
    """`host:port,host:port`; IPv6 addresses in brackets."""
    parts = [urlsplit(f"//{each}") for each in urlsplit(url).netloc.rpartition("@")[2].split(",")]
    found = [(part.hostname or "", part.port or _PORT) for part in parts]
    if not all(host for host, _ in found):
        raise ValueError("a host is missing")
    return found


def _sentinels(whole: dict[str, Any]) -> dict[str, Any]:
    """Sentinels keep no data, and seldom ask for a password."""
    return {key: value for key, value in whole.items() if key not in ("username", "password")}


@functools.cache
def shared(url: str, process: int) -> Link:
    """The link of a process; sockets must not be used across a fork."""
    found = Link(url)
    # Found out now, not at the first request.
    if not found.check():
        found.leave()
    return found
