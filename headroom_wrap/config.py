"""Settings out of flags, HEADROOM_* variables and config.toml, in that order; the only reader of
the environment."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from headroom_wrap import paths
from headroom_wrap.errors import ConfigError
from headroom_wrap.paths import Paths
from headroom_wrap.types import Level, Shaping

_KEYS = (
    *("level", "observe", "upstream", "prefer", "status_line", "encrypt", "store", "model"),
    *("tenants", "team", "shape_output", "output_holdout", "effort_hosts"),
)
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})
_STORES = (
    *("redis://", "rediss://", "valkey://", "valkeys://", "unix://"),
    *("redis+cluster://", "rediss+cluster://", "redis+sentinel://", "rediss+sentinel://"),
)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run. `upstream` sends a host's requests to another base URL."""

    paths: Paths
    level: Level = Level.SAFE
    observe: bool = False
    off: bool = False
    upstream: Mapping[str, str] = field(default_factory=dict)
    lower_bill: bool = False
    """Whether the agent compacts earlier, so that shorter results do not make longer contexts."""
    status_line: bool = True
    """Whether savings are shown in the agent's status line, where it has one."""
    encrypt: bool = False
    """Whether originals are encrypted where they are kept."""
    keep: bool = True
    """Whether originals are kept at all; without them nothing is left out."""
    model: str = ""
    """The model that drops words of prose; empty: the one that ships."""
    shared: str = ""
    """The URL of the Redis in which other machines find what is kept here; empty: none."""
    tenants: str = ""
    """What tells users apart: `key`, or a header's name; empty: nothing, all are one."""
    team: Mapping[str, Any] = field(default_factory=dict)
    """The table `team` of config.toml: how long and how much is kept for whom."""
    tenant: str = ""
    """The user that these settings are for, where there are several."""
    shaping: Shaping = field(default_factory=Shaping)
    """What is done so that models answer with fewer tokens."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says; None where it says nothing."""

    level: str | None = None
    observe: bool | None = None
    upstream: Sequence[str] = ()
    prefer: str | None = None
    encrypt: bool | None = None
    keep: bool | None = None
    shape_output: str | None = None


def environment() -> dict[str, str]:
    """The variables of this process."""
    return dict(os.environ)


def load(flags: Flags | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Flags over variables over file over defaults."""
    flags = flags or Flags()
    environ = environment() if environ is None else environ
    home = environ.get("HEADROOM_HOME")
    places = _named(paths.under(Path(home)) if home else paths.usual())
    file = places.config / "config.toml"
    table = read_toml(file)
    known_keys(table, _KEYS, str(file))
    keep, shared = _kept(flags.keep, environ, table.get("store", True))
    upstream = _table(table.get("upstream", {}), f"`upstream` in {file}")
    upstream.update(_pairs(environ.get("HEADROOM_UPSTREAM", "").split(","), "HEADROOM_UPSTREAM"))
    upstream.update(_pairs(flags.upstream, "--upstream"))
    return Config(
        places,
        _level(flags.level or environ.get("HEADROOM_LEVEL") or table.get("level", "safe")),
        _first(
            "observe",
            flags.observe,
            _switch(environ, "HEADROOM_OBSERVE"),
            table.get("observe", False),
        ),
        bool(_switch(environ, "HEADROOM_OFF")),
        upstream,
        _prefer(flags.prefer or environ.get("HEADROOM_PREFER") or table.get("prefer")),
        _first(
            "status_line", _switch(environ, "HEADROOM_STATUS_LINE"), table.get("status_line", True)
        ),
        _first(
            "encrypt",
            flags.encrypt,
            _switch(environ, "HEADROOM_ENCRYPT"),
            table.get("encrypt", False),
        ),
        keep,
        str(table.get("model", "")),
        shared,
        str(environ.get("HEADROOM_TENANTS") or table.get("tenants", "")),
        table.get("team", {}),
        shaping=_shaping(flags.shape_output, environ, table, keep),
    )


def _named(places: Paths) -> Paths:
    """The places, where every library can be told of them."""
    try:
        str(places.data).encode()
    except UnicodeEncodeError:
        raise ConfigError(
            f"{str(places.data)!a} is no path in UTF-8",
            "set HEADROOM_HOME to another folder",
        ) from None
    return places


def _shaping(
    flag: str | None, environ: Mapping[str, str], table: Mapping[str, Any], keep: bool
) -> Shaping:
    given = flag or environ.get("HEADROOM_OUTPUT_SHAPER") or table.get("shape_output", "off")
    level = str(given).lower()
    level = "brief" if level in _TRUE else "off" if level in _FALSE else level
    if level not in ("off", "brief", "effort"):
        raise ConfigError(f"no way to shape output called `{given}`", "off, brief or effort")
    if level != "off" and not keep:
        raise ConfigError(
            "shaping output needs the store, and this run keeps nothing",
            "a resumed conversation must be sent as it began: leave out one of the two",
        )
    hosts = table.get("effort_hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise ConfigError("`effort_hosts` must be a list of hosts")
    named = environ.get("HEADROOM_EFFORT_HOSTS", ",".join(hosts)).lower().split(",")
    effort_hosts = tuple(host.strip() for host in named if host.strip())
    holdout = _share(environ.get("HEADROOM_OUTPUT_HOLDOUT", table.get("output_holdout", 0)))
    return Shaping(level != "off", level == "effort", holdout, effort_hosts)


def _share(given: object) -> float:
    try:
        share = float(str(given) or "0")
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise ConfigError(f"the holdout must be a share such as 0.1, not {given!r}")
    return share


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file as a table; an empty one where there is no file."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        with file.open("rb") as opened:
            found: dict[str, Any] = tomllib.load(opened)
            return found
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{file} is not valid TOML: {problem}") from problem
    except OSError as problem:
        raise ConfigError(f"cannot read {file}: {problem.strerror}") from problem


def known_keys(table: Mapping[str, object], known: Collection[str], where: str) -> None:
    """Raises ConfigError at a key that nobody knows, naming the nearest one that exists."""
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, 0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(sorted(known))}"
            raise ConfigError(f"{where}: unknown key `{key}`", hint)


def _level(given: object) -> Level:
    try:
        return Level(given)
    except ValueError:
        names = [level.value for level in Level]
        raise ConfigError(f"unknown level `{given}`", f"one of {', '.join(names)}") from None


def _prefer(given: object) -> bool:
    if given not in (None, "longer-sessions", "lower-bill"):
        raise ConfigError(f"unknown preference `{given}`", "longer-sessions or lower-bill")
    return given == "lower-bill"


def _switch(environ: Mapping[str, str], name: str) -> bool | None:
    given = environ.get(name)
    if given is None:
        return None
    if given.lower() not in _TRUE | _FALSE:
        raise ConfigError(f"{name}={given} is neither 1 nor 0")
    return given.lower() in _TRUE


def _first(name: str, *given: object) -> bool:
    found = next(value for value in given if value is not None)
    if not isinstance(found, bool):
        raise ConfigError(f"`{name}` must be true or false, not {found!r}")
    return found


def _kept(flag: bool | None, environ: Mapping[str, str], given: object) -> tuple[bool, str]:
    """Whether originals are kept, and the URL of the store where that is no folder here."""
    named = environ.get("HEADROOM_STORE", "")
    url = next((str(each) for each in (named, given) if "://" in str(each)), "")
    if url and not url.startswith(_STORES):
        raise ConfigError("HEADROOM_STORE is no URL of a store", f"{', '.join(_STORES)}…")
    switch = True if "://" in named else _switch(environ, "HEADROOM_STORE")
    keep = _first("store", flag, switch, True if url else given)
    return keep, url if keep else ""


def _pairs(given: Sequence[str], where: str) -> dict[str, str]:
    items = [item.strip() for item in given if item.strip()]
    for item in items:
        if "=" not in item:
            raise _no_pair(item, where)
    return _table(dict(item.split("=", 1) for item in items), where)


def _table(given: object, where: str) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise ConfigError(f"{where} must be a table of HOST = URL")
    for host, url in given.items():
        _check(str(host), url, where)
    return {str(host).lower(): str(url) for host, url in given.items()}


def base_url(url: str, where: str) -> str:
    """The URL itself, once it has been checked."""
    if not _sound(url):
        raise ConfigError(f"{where}: {url!r} is no base URL", "e.g. https://openrouter.ai/api/v1")
    return url


def _sound(url: object) -> bool:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        return bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
    except ValueError:
        return False


def _check(host: str, url: object, where: str) -> None:
    if not _sound(url) or not host or "/" in host or ":" in host:
        raise _no_pair(f"{host}={url}", where)


def _no_pair(given: str, where: str) -> ConfigError:
    example = "e.g. api.anthropic.com=https://gateway.example/anthropic"
    return ConfigError(f"{where}: `{given}` is not HOST=URL", example)
