"""Adds settings of ours to an option that takes JSON, such as Claude Code's --settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def given(arguments: Sequence[str], settings: Mapping[str, Any]) -> Any:
    """The user's own settings in the option, None without any that can be read."""
    value = _split(arguments, settings["option"])[1]
    return None if value is None else _parsed(value)


def merged(
    arguments: Sequence[str],
    settings: Mapping[str, Any],
    values: Mapping[str, str],
    instead: Mapping[str, Any] | None = None,
) -> list[str]:
    """The arguments with our settings in them, whether the user gives settings or not.

    `settings` holds the `option` and the `json`; `values` are filled into its strings. `instead`
    stands whatever the user's settings say. Settings of the user's that cannot be read are the
    agent's to complain about.
    """
    option = settings["option"]
    ours = filled(settings["json"], values)
    before, value, after = _split(arguments, option)
    if value is None:
        return [option, _text({**ours, **(instead or {})}), *arguments]
    theirs = _parsed(value)
    if theirs is None:
        return list(arguments)
    return [*before, option, _text({**combined(theirs, ours), **(instead or {})}), *after]


def combined(theirs: Any, ours: Any) -> Any:
    """Both: tables and lists are joined, and where values differ theirs stands."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        joined = {key: combined(theirs[key], ours[key]) for key in theirs if key in ours}
        return {**ours, **theirs, **joined}
    if isinstance(theirs, list) and isinstance(ours, list):
        return theirs + [each for each in ours if each not in theirs]
    return theirs


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """The JSON value with `{name}` in its strings replaced."""
    if isinstance(value, Mapping):
        return {key: filled(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, values) for each in value]
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", text)
    return value


def _split(arguments: Sequence[str], option: str) -> tuple[list[str], str | None, list[str]]:
    """What stands before the option's last value, the value, and what stands after."""
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    for at in range(end - 1, -1, -1):
        if arguments[at].startswith(f"{option}="):
            value = arguments[at].partition("=")[2]
            return list(arguments[:at]), value, list(arguments[at + 1 :])
        if arguments[at] == option and at + 1 < len(arguments):
            return list(arguments[:at]), arguments[at + 1], list(arguments[at + 2 :])
    return [], None, list(arguments)


def _parsed(value: str) -> Any:
    try:
        text = value if value.lstrip().startswith("{") else Path(value).expanduser().read_text()
        found = json.loads(text)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
