"""Servers for the tests, and replicas: pipelines with folders of their own over one Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.team import servers
from tests.team.servers import Fleet


@pytest.fixture(scope="session")
def program(need) -> str:
    need(servers.PROGRAM, servers.ADVICE)
    assert servers.PROGRAM
    return servers.PROGRAM


@pytest.fixture
def fleet(program: str, tmp_path: Path) -> Iterator[Fleet]:
    with servers.alone(tmp_path / "redis") as found:
        yield found
