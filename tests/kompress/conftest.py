"""What needs llama.cpp is skipped loudly where it is not built, and fails on CI."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from headroom_wrap.kompress import encoder


@pytest.fixture
def llama(need: Callable[[object, str], None]) -> None:
    need(encoder.available(), "llama-cpp-python is not installed: scripts/build-llama")
