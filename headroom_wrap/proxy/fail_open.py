"""The one place of the proxy where errors end: what failed is logged, the traffic goes on."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

_log = logging.getLogger("headroom_wrap.proxy")


@contextlib.contextmanager
def fail_open(then: str) -> Iterator[None]:
    """Whatever goes wrong inside is logged; `then` says what happens instead."""
    try:
        yield
    except Exception:
        _log.exception("%s", then)
