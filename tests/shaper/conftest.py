"""A store that lives as long as a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from headroom_wrap.store import Store, ephemeral


@pytest.fixture
def store() -> Iterator[Store]:
    opened = ephemeral()
    yield opened
    opened.close()
