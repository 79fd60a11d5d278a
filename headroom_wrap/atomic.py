"""Files written whole or not at all, and readable by the user alone until they are."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path

_PRIVATE = 0o600
_PART = re.compile(r"\.(.+)\.[a-z0-9_]{8}")


def write(file: Path, content: bytes, mode: int | None = None) -> None:
    """Put `content` in the place of `file`, whose folder exists. Raises OSError; what was there
    before stays then.

    Without a `mode` a file keeps the one it has; a new one is for the user only. Any number of
    threads and processes may write the same file: the last one to finish wins.
    """
    if mode is None:
        mode = file.stat().st_mode & 0o777 if file.exists() else _PRIVATE
    descriptor, part = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
        os.chmod(part, mode)
        os.replace(part, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def target(name: str) -> str:
    """The name of the file that a file of this name became, or would have become but for a kill."""
    found = _PART.fullmatch(name)
    return found[1] if found else name
