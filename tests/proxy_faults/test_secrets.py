"""A canary in keys, headers and bodies is found nowhere but in the store, and not even there."""

from __future__ import annotations

import json

import pytest

from tests.proxy_faults.bodies import conversation
from tests.proxy_faults.conftest import Ask, Bench

CANARY = "canary-5b1e77"
ROWS = json.dumps([{"id": n, "secret": CANARY, "state": "ready"} for n in range(400)], indent=1)
ASK = Ask(
    conversation(ROWS, prompt=f"{CANARY}-said go [[S: text a]]"),
    headers={"x-api-key": f"{CANARY}-key", "authorization": f"Bearer {CANARY}-bearer"},
)


def found(bench: Bench) -> list[str]:
    """Files of ours that hold the canary."""
    files = [path for path in (bench.folder / "headroom").rglob("*") if path.is_file()]
    return [path.name for path in files if CANARY.encode() in path.read_bytes()]


@pytest.mark.parametrize("env", [{"HEADROOM_STORE": "0"}, {"HEADROOM_KEY": "a long word"}])
def test_nothing_lies_open(bench: Bench, env: dict[str, str]) -> None:
    done = bench.send(ASK, env=env)
    assert done.answers[0].status == 200, done.err
    assert len(bench.seen[0].body) < 0.8 * len(ASK.body)
    assert found(bench) == []
    assert CANARY not in done.err


def test_headers_and_prompts_lie_nowhere(bench: Bench) -> None:
    assert bench.send(ASK).code == 0
    for path in (bench.folder / "headroom").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for part in ("key", "bearer", "said"):
                assert f"{CANARY}-{part}".encode() not in content, path
