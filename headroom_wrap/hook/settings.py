"""Puts the hook into Claude Code's settings, and takes it out again exactly."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from headroom_wrap import atomic
from headroom_wrap.errors import ConfigError

_EVENT = "PostToolUse"
_MATCHER = "Bash|Grep|WebFetch|mcp__.*"
_MARK = "hook run"
_SECONDS = 30


def usual(environ: Mapping[str, str]) -> Path:
    """The user's own settings."""
    return Path(environ.get("CLAUDE_CONFIG_DIR") or Path.home() / ".claude") / "settings.json"


def install(file: Path, command: str, backups: Path) -> None:
    """Adds the hook; the bytes before are kept in `backups`. Again is the same as once."""
    before = _read(file)
    parsed = _parsed(file, before)
    if _ours(parsed):
        return
    hook = {"type": "command", "command": command, "timeout": _SECONDS}
    hooks = parsed.setdefault("hooks", {})
    hooks.setdefault(_EVENT, []).append({"matcher": _MATCHER, "hooks": [hook]})
    after = _rendered(parsed)
    record = {
        "file": str(file.absolute()),
        "before": None if before is None else base64.b64encode(before).decode(),
        "after": hashlib.sha256(after).hexdigest(),
    }
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(_backup(file, backups), json.dumps(record).encode())
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, after)


def uninstall(file: Path, backups: Path) -> bool:
    """Takes the hook out; whether it was there. Unless somebody else changed the file since, it
    is what it was before, byte for byte."""
    now, kept = _read(file), _backup(file, backups)
    parsed = _parsed(file, now)
    with contextlib.suppress(FileNotFoundError, ValueError):
        record = json.loads(kept.read_bytes())
        if now is not None and hashlib.sha256(now).hexdigest() == record["after"]:
            _put_back(file, record["before"])
            # Only now: what was there before is nowhere else.
            kept.unlink()
            return True
    kept.unlink(missing_ok=True)
    if not _ours(parsed):
        return False
    hooks = parsed["hooks"]
    hooks[_EVENT] = [entry for entry in hooks[_EVENT] if not _is_ours(entry)]
    if not hooks[_EVENT]:
        del hooks[_EVENT]
    if not hooks:
        del parsed["hooks"]
    _write(file, _rendered(parsed))
    return True


def installed(file: Path) -> bool:
    """Whether the settings name our hook."""
    return _ours(_parsed(file, _read(file)))


def recorded(backups: Path) -> Iterator[Path]:
    """The files that `install` has written to."""
    for kept in sorted(backups.glob("*.json")):
        with contextlib.suppress(ValueError, KeyError):
            yield Path(json.loads(kept.read_bytes())["file"])


def _put_back(file: Path, before: str | None) -> None:
    if before is None:
        file.unlink()
    else:
        _write(file, base64.b64decode(before))


def _ours(parsed: dict[str, Any]) -> bool:
    return any(_is_ours(entry) for entry in parsed.get("hooks", {}).get(_EVENT, []))


def _is_ours(entry: Any) -> bool:
    hooks = entry.get("hooks") if isinstance(entry, dict) else None
    commands = [hook.get("command", "") for hook in hooks or () if isinstance(hook, dict)]
    return any("headroom" in str(each) and str(each).endswith(_MARK) for each in commands)


def _parsed(file: Path, content: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(content) if content and content.strip() else {}
    except ValueError as problem:
        raise ConfigError(f"{file} is not JSON: {problem}", "mend it, then try again") from problem
    hooks = found.get("hooks", {}) if isinstance(found, dict) else None
    if not isinstance(hooks, dict) or not isinstance(hooks.get(_EVENT, []), list):
        raise ConfigError(f"{file} does not look like settings of Claude Code")
    return dict(found)


def _rendered(parsed: dict[str, Any]) -> bytes:
    return (json.dumps(parsed, indent=2, ensure_ascii=False) + "\n").encode()


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise ConfigError(f"cannot read {file}: {problem.strerror}") from problem


def _write(file: Path, content: bytes) -> None:
    """Through a link, to the file it names; with the rights that it has."""
    try:
        atomic.write(file.resolve(), content)
    except OSError as problem:
        raise ConfigError(f"cannot write {file}: {problem.strerror}") from problem


def _backup(file: Path, backups: Path) -> Path:
    return backups / f"{hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:16]}.json"
