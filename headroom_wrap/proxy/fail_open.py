"""Where errors of ours end on the way of a request: what failed is logged, the traffic goes on."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from headroom_wrap.errors import traced

_log = logging.getLogger("headroom_wrap.proxy")


@contextlib.contextmanager
def fail_open(then: str) -> Iterator[None]:
    """Whatever goes wrong inside is logged; `then` says what happens instead."""
    try:
        yield
    except Exception as problem:
        _log.error("%s\n%s", then, traced(problem))
