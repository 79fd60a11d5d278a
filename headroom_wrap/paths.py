"""Where our own files lie; everything else on the machine is somebody else's."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from headroom_wrap.errors import HeadroomError


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders we own.

    `config` holds config.toml and agents/*.toml, `data` the store and the certificate authority,
    `originals` the files that markers name.
    """

    config: Path
    data: Path
    originals: Path

    @property
    def store(self) -> Path:
        return self.data / "store"

    @property
    def authority(self) -> Path:
        return self.data / "ca"

    @property
    def cache(self) -> Path:
        return self.data / "cache"

    @property
    def prices(self) -> Path:
        return self.config / "prices.json"

    @property
    def tenants(self) -> Path:
        """A folder for each user of a proxy that has several."""
        return self.data / "tenants"

    @property
    def audit(self) -> Path:
        return self.data / "audit.jsonl"

    @property
    def log(self) -> Path:
        return self.data / "headroom.log"


def under(home: Path) -> Paths:
    """All of them in one folder, as HEADROOM_HOME asks for."""
    home = home.expanduser().absolute()
    return Paths(home / "config", home / "data", home / "run")


def usual() -> Paths:
    """The platform's own places."""
    import platformdirs

    # Markers carry this path, so it is short, and the same in every kind of login: a marker must
    # stay true when a session is resumed.
    root = Path("/tmp") if os.name == "posix" else Path(tempfile.gettempdir())
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Paths(
        platformdirs.user_config_path("headroom"),
        platformdirs.user_data_path("headroom"),
        root / f"hr-{user}",
    )


def here() -> str:
    """The folder that the user is in."""
    try:
        return os.getcwd()
    except OSError as problem:
        raise HeadroomError(
            f"the folder you are in cannot be used: {problem.strerror}", "go to another one"
        ) from problem


def private(folder: Path) -> Path:
    """The folder, made for the user's eyes only where it was not there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as problem:
        raise HeadroomError(
            f"cannot use {folder}: {problem.strerror}",
            "check its permissions, or set HEADROOM_HOME to a folder of yours",
        ) from problem
    return folder
