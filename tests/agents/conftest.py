"""Each agent's story is run once, bare and wrapped; the tests then read it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.agents.drivers import Driver
from tests.agents.runs import Run, sandbox
from tests.agents.sandbox import permitted
from tests.conftest import Need


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in this folder drive real binaries; an agent's story is told in one worker only."""
    for item in items:
        if isinstance(item, pytest.Function) and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.agent)
            parameters = item.callspec.params if hasattr(item, "callspec") else {}
            name = getattr(parameters.get("driver"), "name", "")
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {name}"))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A short path that is the same for the bare and the wrapped run: agents send it along."""
    made = Path(tempfile.mkdtemp(prefix="hr-agents-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def start(folder: Path, need: Need) -> Iterator[Callable[..., Run]]:
    """`start(driver, wrapped=…)`: a fresh sandbox, at the path where the last one was."""
    need(permitted(), "`unshare --net --mount --pid` is not permitted here: run as root on Linux")
    live: list[Run] = []

    def close() -> None:
        for run in live:
            run.box.__exit__()
        live.clear()

    def begin(driver: Driver, wrapped: bool, options: tuple[str, ...] = ()) -> Run:
        need(driver.binary, f"{driver.agent} is not installed: run .ci/install-agents")
        close()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        box = sandbox(folder, driver)
        box.__enter__()
        live.append(Run(box, driver, wrapped, options))
        return live[-1]

    yield begin
    close()
