"""Everything of one tenant goes: in the store that machines share, and on this machine."""

from __future__ import annotations

from headroom_wrap.config import Config, environment
from headroom_wrap.errors import ConfigError
from headroom_wrap.team import choose
from headroom_wrap.team.audit import Audit
from headroom_wrap.team.names import NAME


def everything(config: Config, tenant: str) -> int:
    """How many rows went. `tenant` may be the first digits of a name that is known here."""
    name = _name(config, tenant)
    folder = config.paths.tenants / name / "store"
    if not config.shared and not folder.is_dir():
        raise ConfigError(f"no tenant {tenant!r}", f"those there are: {_known(config) or 'none'}")
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = choose.store(folder, config.shared, name, 1, False, environment())
    try:
        gone = store.rows_in("originals") + store.rows_in("verdicts")
        gone += store.forget()
    finally:
        store.close()
    Audit(config.paths.audit, name).note("clear", "all", "command")
    return gone


def _name(config: Config, given: str) -> str:
    found = [each for each in _names(config) if each.startswith(given)]
    if NAME.fullmatch(given) is None or (len(found) != 1 and len(given) < 32):
        raise ConfigError(f"no tenant {given!r}", f"those known here: {_known(config) or 'none'}")
    return found[0] if len(found) == 1 else given


def _names(config: Config) -> list[str]:
    folder = config.paths.tenants
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def _known(config: Config) -> str:
    return ", ".join(name[:12] for name in _names(config))
