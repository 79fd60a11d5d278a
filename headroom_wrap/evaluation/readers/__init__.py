"""The readers, by name. To add one: a module beside these, and its name here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from headroom_wrap import config
from headroom_wrap.errors import ConfigError
from headroom_wrap.evaluation.readers import anthropic, gguf, openai_chat
from headroom_wrap.evaluation.readers._api import Opener, Reader, RefusedError, Setup

__all__ = ["READERS", "Reader", "RefusedError", "Setup", "chosen", "opened"]

READERS: Final[dict[str, Opener]] = {
    module.NAME: module for module in (openai_chat, anthropic, gguf)
}


def chosen(setup: Setup, name: str = "") -> str:
    """Which reader is meant, "" where none is: by its name, or by what else is said."""
    if name and name not in READERS:
        raise ConfigError(f"no reader `{name}`", f"one of {', '.join(READERS)}")
    if setup.gguf and (setup.base_url or name not in ("", gguf.NAME)):
        raise ConfigError("--gguf and an endpoint exclude each other")
    if name or setup.gguf:
        return name or gguf.NAME
    if setup.base_url:
        config.base_url(setup.base_url, "--base-url")
        host = urlsplit(setup.base_url).hostname or ""
        return anthropic.NAME if "anthropic" in host else openai_chat.NAME
    if setup.model:
        return anthropic.NAME if setup.model.startswith("claude") else openai_chat.NAME
    return ""


def opened(name: str, setup: Setup, environ: Mapping[str, str], key_variable: str = "") -> Reader:
    """The reader, with its key out of the environment. Raises HeadroomError."""
    opener = READERS[name]
    variable = key_variable or opener.KEY
    key = environ.get(variable, "") if variable else ""
    if key_variable and not key:
        raise ConfigError(f"{key_variable} is not set", "it should hold the key")
    if not key and opener.KEY and not setup.base_url:
        raise ConfigError(f"{opener.KEY} is not set", "--key-variable names another variable")
    return opener.opened(replace(setup, key=key))
