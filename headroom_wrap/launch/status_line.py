"""Puts our status line into an agent that has one, and the user's own below it."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headroom_wrap import statusline
from headroom_wrap.launch.settings import given
from headroom_wrap.profiles import Profile

_SECONDS = 5


def settings(
    profile: Profile, arguments: Sequence[str], environ: Mapping[str, str], store: str, session: str
) -> dict[str, Any]:
    """Settings that show our line; none for an agent without a status line.

    `store` is the folder of the store. The user's own line is the first that is found where the
    agent looks for it: in its option, then in `files` of the profile.
    """
    table = profile.status_line
    if not table:
        return {}
    own = _own(table, given(arguments, profile.settings), environ)
    program = [sys.executable, str(Path(statusline.__file__).with_name("__main__.py"))]
    command = [*program, store, session]
    if own is None:
        line: dict[str, Any] = {"refreshInterval": _SECONDS}
    else:
        line = {**own}
        command.append(own["command"])
    return {table["key"]: {**line, "type": "command", "command": shlex.join(command)}}


def _own(
    table: Mapping[str, Any], option: Any, environ: Mapping[str, str]
) -> dict[str, Any] | None:
    for found in (option, *(_read(file) for file in _files(table, environ))):
        line = found.get(table["key"]) if isinstance(found, dict) else None
        if isinstance(line, dict):
            # One without a command is one that is switched off.
            return line if isinstance(line.get("command"), str) and line["command"] else None
    return None


def _files(table: Mapping[str, Any], environ: Mapping[str, str]) -> list[Path]:
    home = environ.get(table["home_variable"]) or table["home"]
    places = [str(each).replace("{home}", home) for each in table["files"]]
    return [Path(each).expanduser() for each in places]


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
