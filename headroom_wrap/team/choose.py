"""Which store it is: LMDB alone, or with a Redis that HEADROOM_STORE names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from headroom_wrap import secret
from headroom_wrap.errors import ConfigError
from headroom_wrap.store import Store


def store(
    place: Path, url: str, tenant: str, days: float, encrypt: bool, environ: Mapping[str, str]
) -> Store:
    """The store in a folder, as far as `url` is "" ; else that of `tenant` in the Redis there."""
    if not url:
        return Store(place, cipher=secret.cipher(encrypt, environ))
    if encrypt and not environ.get("HEADROOM_KEY"):
        raise ConfigError(
            "a key of this machine's own cannot open what others stored",
            "set HEADROOM_KEY to the same long word on every machine",
        )
    from headroom_wrap.team import link
    from headroom_wrap.team.shared import Shared

    way = link.shared(url, os.getpid())
    return Shared(place, way, tenant or "all", days, secret.cipher(False, environ))
