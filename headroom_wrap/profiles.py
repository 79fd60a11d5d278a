"""Launch profiles: what an agent needs to run behind us, as data; a new agent is one TOML file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from headroom_wrap import config
from headroom_wrap.errors import ConfigError

_PACKAGED = Path(__file__).parent / "_agents"
_CHECKOUT = Path(__file__).parent.parent / "agents"


@dataclass(frozen=True, slots=True)
class Option:
    """An argument that only some versions of the agent know: it is given where `shown_by`
    (arguments that print a help text) shows it."""

    argument: str
    shown_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Arguments with which the agent would leave us behind."""

    arguments: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One agent. `{originals}` in values stands for the folder of originals.

    `trust_added` names variables with certificates that the agent trusts besides its own,
    `trust_replaced` those that replace the agent's own; `base_urls` those by which its user may
    already send it to another host; `settings` is an option that takes JSON, and the JSON;
    `outside_temporary` are arguments for originals that lie outside the folder for temporary files;
    `compaction` names the variable or option with the context size (tokens) at which the agent
    compacts, and the size that it takes without one; `status_line` is the key of its settings
    for a status line, and the files (`{home}` stands for its own folder) that may hold the user's.
    """

    name: str
    title: str
    command: str
    install: str
    hosts: tuple[str, ...]
    wires: tuple[str, ...]
    version: tuple[str, ...] = ("--version",)
    arguments: tuple[str, ...] = ()
    outside_temporary: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    trust_added: tuple[str, ...] = ()
    trust_replaced: tuple[str, ...] = ()
    base_urls: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    compaction: Mapping[str, Any] = field(default_factory=dict)
    status_line: Mapping[str, Any] = field(default_factory=dict)
    by_hand: str = ""
    source: Path = _CHECKOUT


_LISTS = frozenset(
    "hosts wires version arguments outside_temporary trust_added trust_replaced base_urls "
    "shown_by".split()
)
_TABLES = frozenset({"environment", "settings", "compaction", "status_line"})
_ENTRIES: Mapping[str, type] = {"options": Option, "refusals": Refusal}
_KEYS: Mapping[str, Mapping[str, type]] = {
    "settings": {"option": str, "json": dict},
    "compaction": {"variable": str, "option": str, "window": int},
    "status_line": {"key": str, "home": str, "home_variable": str, "files": list},
}
_NEEDED = {**_KEYS, "compaction": {"window": int}}


def names(own: Path) -> list[str]:
    """The agents there are; `own` is the user's configuration folder."""
    found = {file.stem for folder in _folders(own) for file in folder.glob("*.toml")}
    return sorted(found)


def load(name: str, own: Path) -> Profile:
    """The profile with this name: the user's own, else the one that came with the product."""
    for folder in _folders(own):
        file = folder / f"{name}.toml"
        if file.is_file():
            return _profile(name, file)
    known = names(own)
    near = difflib.get_close_matches(name.lower(), known, 1, 0.5)
    meant = f"did you mean `{near[0]}`? " if near else ""
    mine = own / "agents" / f"{name}.toml"
    raise ConfigError(f"no agent `{name}`", f"{meant}known: {', '.join(known)}; or write {mine}")


def _folders(own: Path) -> tuple[Path, ...]:
    return own / "agents", _PACKAGED, _CHECKOUT


def _profile(name: str, file: Path) -> Profile:
    table = config.read_toml(file)
    known = [each.name for each in fields(Profile) if each.name not in ("name", "source")]
    config.known_keys(table, known, str(file))
    for needed in ("title", "command", "install", "hosts", "wires"):
        if needed not in table:
            raise ConfigError(f"{file}: `{needed}` is missing")
    values = {key: _value(key, value, file) for key, value in table.items()}
    return Profile(name=name, source=file, **values)


def _value(key: str, value: Any, file: Path) -> Any:
    if key in _ENTRIES:
        return tuple(_entry(_ENTRIES[key], entry, file) for entry in _of(list, key, value, file))
    wanted: type = list if key in _LISTS else dict if key in _TABLES else str
    return _checked(key, _of(wanted, key, value, file), file)


def _of(wanted: type, key: str, value: Any, file: Path) -> Any:
    if not isinstance(value, wanted):
        raise ConfigError(f"{file}: `{key}` must be a {wanted.__name__}, not {value!r}")
    return value


def _checked(key: str, value: Any, file: Path) -> Any:
    if key == "environment":
        _strings(value.values(), key, file)
    if key in _KEYS:
        config.known_keys(value, _KEYS[key], str(file))
        missing = [name for name in _NEEDED[key] if name not in value]
        if missing:
            raise ConfigError(f"{file}: `{missing[0]}` is missing in `{key}`")
        for name, inner in value.items():
            _of(_KEYS[key][name], name, inner, file)
        _strings(value.get("files", ()), key, file)
    if key in _LISTS:
        _strings(value, key, file)
        return tuple(value)
    return value


def _entry(kind: type, entry: Any, file: Path) -> Any:
    if not isinstance(entry, dict):
        raise ConfigError(f"{file}: {entry!r} must be a table")
    known = [each.name for each in fields(kind)]
    config.known_keys(entry, known, str(file))
    missing = [name for name in known if name not in entry]
    if missing:
        raise ConfigError(f"{file}: `{missing[0]}` is missing in {entry!r}")
    return kind(**{key: _value(key, value, file) for key, value in entry.items()})


def _strings(values: Any, key: str, file: Path) -> None:
    for value in values:
        if not isinstance(value, str):
            raise ConfigError(f"{file}: `{key}` holds {value!r}, which is no string")
