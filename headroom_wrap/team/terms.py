"""How long and how much is kept for whom: the table `team` of config.toml."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from headroom_wrap import config as settings
from headroom_wrap.config import Config
from headroom_wrap.errors import ConfigError
from headroom_wrap.team.names import NAME

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one tenant. 0 is no limit; past one, nothing new is shortened until there is
    room again, and what was shortened before stays as it is."""

    days: float = 30.0
    max_bytes: int = 0
    max_originals: int = 0
    requests_per_minute: int = 0


def terms(config: Config, tenant: str = "") -> Terms:
    """The terms of a tenant; raises ConfigError at a table that makes no sense."""
    table = _table(config.team, "team")
    whose = table.pop("tenant", {})
    if not isinstance(whose, Mapping):
        raise ConfigError("`team.tenant` must be a table of tables", "[team.tenant.NAME]")
    found = _read(Terms(), table, "team")
    own = [name for name in whose if tenant.startswith(name)]
    for name in own:
        found = _read(found, whose[name], f"team.tenant.{name}")
    return found


def days(config: Config) -> float:
    """How long what is stored stays, after its last use."""
    return terms(config, config.tenant).days


def check(config: Config) -> None:
    """Raises ConfigError where any part of the table makes no sense."""
    terms(config)
    for name, table in _table(config.team, "team").get("tenant", {}).items():
        if not NAME.fullmatch(name):
            raise ConfigError(
                f"`team.tenant.{name}`: a tenant's name is hex", "see /stats, `tenant`"
            )
        _read(Terms(), table, f"team.tenant.{name}")


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"`{where}` must be a table", f"[{where}]")
    return dict(value)


def _read(base: Terms, value: object, where: str) -> Terms:
    table = _table(value, where)
    settings.known_keys(table, [field.name for field in fields(Terms)], f"`{where}`")
    read: dict[str, Any] = {name: _number(given, where, name) for name, given in table.items()}
    return replace(base, **read)


def _number(value: object, where: str, name: str) -> float:
    if name == "max_bytes" and isinstance(value, str):
        match = _SIZE.fullmatch(value.strip())
        value = float(match[1]) * (1 << _UNITS[match[2].upper()]) if match else value
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else -1
    if not 0 <= number < math.inf or (name == "days" and not number):
        raise ConfigError(f"`{where}.{name}` must be a number, not {value!r}", 'e.g. 30, or "2 GB"')
    return number if name == "days" else int(number)
