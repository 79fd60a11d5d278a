"""Puts the server into an agent's own MCP configuration, and takes it out again exactly."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_wrap import atomic, config
from headroom_wrap.errors import ConfigError

NAME = "headroom"


@dataclass(frozen=True, slots=True)
class Target:
    """Where an agent keeps its MCP servers. `file` is relative to the home folder."""

    agent: str
    file: str
    table: str
    extra: tuple[tuple[str, object], ...] = ()
    moved_by: str = ""
    """The variable by which users move the agent's folder."""

    def path(self) -> Path:
        """The file on this machine."""
        moved = config.environment().get(self.moved_by, "") if self.moved_by else ""
        return Path(moved) / Path(self.file).name if moved else Path.home() / self.file


# alwaysLoad: else the tool appears from the second request on and the whole cache is lost.
_CLAUDE = (("type", "stdio"), ("alwaysLoad", True))
TARGETS = {
    target.agent: target
    for target in (
        Target("claude", ".claude.json", "mcpServers", _CLAUDE, "CLAUDE_CONFIG_DIR"),
        Target("codex", ".codex/config.toml", "mcp_servers", (), "CODEX_HOME"),
        Target("copilot", ".copilot/mcp-config.json", "mcpServers", (("tools", ["*"]),)),
        Target("cursor", ".cursor/mcp.json", "mcpServers"),
        Target("vscode", ".config/Code/User/mcp.json", "servers", (("type", "stdio"),)),
    )
}


def entry(target: Target, command: list[str]) -> dict[str, Any]:
    """What is written under the server's name."""
    return {"command": command[0], "args": command[1:], **dict(target.extra)}


def installed(path: Path, target: Target) -> bool:
    """Whether the file names our server."""
    return NAME in _servers(_parse(path, _read(path)), target)


def install(path: Path, target: Target, command: list[str], backups: Path) -> None:
    """Adds the server; the bytes before are kept in `backups`. Again is the same as once."""
    before = _read(path)
    parsed = _parse(path, before)
    servers = _servers(parsed, target, create=True)
    if servers.get(NAME) == entry(target, command):
        return
    servers[NAME] = entry(target, command)
    after = _render(path, parsed, before)
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    record = {
        "file": str(path.absolute()),
        "table": target.table,
        "before": None if before is None else base64.b64encode(before).decode(),
        "after": hashlib.sha256(after).hexdigest(),
    }
    kept = _backup(path, backups)
    if not kept.exists():
        _replace(kept, json.dumps(record).encode())
    _replace(path, after)


def uninstall(path: Path, target: Target, backups: Path) -> bool:
    """Takes the server out; whether it was there.

    A file that nobody changed since is put back byte for byte (or removed, if it was ours).
    """
    now = _read(path)
    kept = _backup(path, backups)
    was_there = now is not None and installed(path, target)
    if now is not None and was_there:
        _take_out(path, target, now, _record(kept))
    # Only now: what was there before is nowhere else.
    kept.unlink(missing_ok=True)
    return was_there


def _record(kept: Path) -> dict[str, Any] | None:
    """What `install` noted; None where it is not there, or damaged."""
    try:
        found: dict[str, Any] = json.loads(kept.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return found


def _take_out(path: Path, target: Target, now: bytes, record: dict[str, Any] | None) -> None:
    if record is None or hashlib.sha256(now).hexdigest() != record["after"]:
        parsed = _parse(path, now)
        servers = _servers(parsed, target)
        del servers[NAME]
        _replace(path, _render(path, parsed, now))
    elif record["before"] is None:
        path.unlink()
    else:
        _replace(path, base64.b64decode(record["before"]))


def recorded(backups: Path) -> Iterator[tuple[Path, Target]]:
    """The files that `install` has written to, known agents' and others."""
    for kept in sorted(backups.glob("mcp-*.json")):
        with contextlib.suppress(ValueError, KeyError):
            record = json.loads(kept.read_bytes())
            path = Path(record["file"])
            yield path, Target("file", path.name, record["table"])


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ConfigError(f"cannot read {path}: {problem.strerror}") from problem


def _parse(path: Path, content: bytes | None) -> Any:
    if path.suffix == ".toml":
        return _parsed(path, content, _toml)
    return _parsed(path, content, json.loads)


def _toml(text: str) -> Any:
    import tomlkit

    return tomlkit.parse(text)


def _parsed(path: Path, content: bytes | None, parse: Callable[[str], Any]) -> Any:
    text = (content or b"").decode("utf-8", "replace")
    if not text.strip():
        text = "" if path.suffix == ".toml" else "{}"
    try:
        found = parse(text)
    except ValueError as problem:
        raise ConfigError(
            f"{path} cannot be read: {problem}",
            "add the server by hand: command `headroom`, arguments `mcp serve`",
        ) from problem
    if not hasattr(found, "setdefault"):
        raise ConfigError(f"{path} holds no object at its top")
    return found


def _servers(parsed: Any, target: Target, *, create: bool = False) -> Any:
    if create and target.table not in parsed:
        parsed[target.table] = {}
    servers = parsed.get(target.table, {})
    if not hasattr(servers, "keys"):
        raise ConfigError(f"{target.table} in {target.file} is no table")
    return servers


def _render(path: Path, parsed: Any, before: bytes | None) -> bytes:
    if path.suffix == ".toml":
        import tomlkit

        return tomlkit.dumps(parsed).encode()
    found = re.search(rb"\n([ \t]+)\S", before or b"\n  x")
    indent = found[1].decode() if found else None
    end = "\n" if before is None or before.endswith(b"\n") else ""
    return (json.dumps(parsed, indent=indent, ensure_ascii=False) + end).encode()


def _backup(path: Path, backups: Path) -> Path:
    return backups / f"mcp-{hashlib.sha256(str(path).encode()).hexdigest()[:12]}.json"


def _replace(path: Path, content: bytes) -> None:
    """Through a link, to the file it names; with the rights that it has."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path.resolve(), content)
    except OSError as problem:
        raise ConfigError(f"cannot write {path}: {problem.strerror}") from problem
