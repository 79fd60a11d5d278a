"""Finds out which options this version of an agent knows; remembered until it is installed anew."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from headroom_wrap import atomic
from headroom_wrap.profiles import Option, Profile

_PATIENCE = 10.0


def known(
    profile: Profile, program: str, environ: Mapping[str, str], cache: Path
) -> tuple[str, ...]:
    """The arguments among the profile's options that this installation understands."""
    return tuple(
        option.argument
        for option in profile.options
        if option.argument in _help(option, program, environ, cache).split()
    )


def _help(option: Option, program: str, environ: Mapping[str, str], cache: Path) -> str:
    file = cache / f"{_name(option, program)}.txt"
    with contextlib.suppress(OSError):
        return file.read_text("utf-8", "replace")
    try:
        done = subprocess.run(
            [program, *option.shown_by],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        with contextlib.suppress(OSError):
            cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic.write(file, text.encode())
    return text


def _name(option: Option, program: str) -> str:
    # Package installers set the modification time to a constant; the change time is the kernel's.
    real = os.path.realpath(program)
    found = os.stat(real)
    identity = (real, found.st_size, found.st_mtime_ns, found.st_ctime_ns, *option.shown_by)
    return hashlib.sha256(repr(identity).encode("utf-8", "surrogateescape")).hexdigest()[:16]
