"""What a fuzz target is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`check` raises at what must not be; `seeds` are sound inputs that the fuzzer starts from."""

    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
