"""The environments that `.ci/steps/adapters` makes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Need = Callable[[str], Path]


@pytest.fixture
def environment(need: Callable[[object, str], None]) -> Need:
    """The Python of an environment, by name."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")

    def python(name: str) -> Path:
        found = cache / "headroom-test-adapters" / name / "bin" / "python"
        need(found.exists(), f"no {found}: run `.ci/steps/adapters install`")
        return found

    return python


def home_of(home: Path) -> Path:
    """The store under a HEADROOM_HOME."""
    return home / "data/store"
