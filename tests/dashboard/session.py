"""A coding session through the real pipeline, so that views are tested on real rows.

python -m tests.dashboard.session STORE NAME [PROJECT [STEPS [SECONDS]]]
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.store import Store
from headroom_wrap.types import Usage

MODEL = "claude-sonnet-4-5"


def _tests(seed: int) -> str:
    passed = [
        f"tests/unit/test_{name}.py::test_case_{n} PASSED    [{n:3d}%]"
        for name in ("orders", "stock", "billing")
        for n in range(40 + seed % 5)
    ]
    failure = [
        "=================================== FAILURES ===================================",
        "______________________________ test_refund_rounds ______________________________",
        "    def test_refund_rounds():",
        ">       assert refund(10.005) == 10.01",
        "E       assert 10.0 == 10.01",
        "",
        "tests/unit/test_billing.py:88: AssertionError",
        "FAILED tests/unit/test_billing.py::test_refund_rounds - assert 10.0 == 10.01",
        f"================== 1 failed, {len(passed)} passed in 4.{seed}s ==================",
    ]
    return "\n".join([*passed, *failure]) + "\n"


def _log(seed: int) -> str:
    lines = [
        f"2026-11-24T10:{n // 60:02d}:{n % 60:02d}.{seed:03d}Z INFO  api.http "
        f"GET /v1/orders/{4000 + n * 7} 200 {12 + n % 9}ms request_id=9f{n:04x}"
        for n in range(180)
    ]
    lines[97] = "2026-11-24T10:01:37.002Z ERROR api.pay card_declined order=4679 attempt=3"
    return "\n".join(lines) + "\n"


def _search(seed: int) -> str:
    return "".join(
        f"src/shop/{module}.py:{n * 11 + seed}:    total = round_price(order.items[{n}].price)\n"
        for module in ("orders", "billing", "stock")
        for n in range(25)
    )


def _rows(seed: int) -> str:
    rows = [
        {"id": n, "sku": f"SKU-{n:05d}", "status": "open", "price": 9.5 + n, "currency": "EUR"}
        for n in range(seed, seed + 60)
    ]
    return json.dumps(rows, indent=2)


def _file(seed: int) -> str:
    return "".join(f"{n:6}\tdef price_{n}(order):  # {seed}\n" for n in range(1, 90))


STEPS = (
    ("Bash", {"command": "pytest -v tests/unit"}, _tests),
    ("Bash", {"command": "docker logs shop-api-1"}, _log),
    ("Read", {"file_path": "/srv/shop/src/billing.py"}, _file),
    ("Bash", {"command": "rg -n round_price src"}, _search),
    ("mcp__shop__list_orders", {"status": "open"}, _rows),
    ("Bash", {"command": "git status 日本語 🎉"}, lambda seed: f"nothing to commit {seed}\n"),
)


def bodies(steps: int, name: str = "s") -> Iterator[bytes]:
    """The requests of a session with so many tool calls."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Fix test_refund_rounds"}]
    yield _body(messages)
    for n in range(steps):
        tool, arguments, output = STEPS[n % len(STEPS)]
        call = f"toolu_{name}_{n:016d}"
        use = {"type": "tool_use", "id": call, "name": tool, "input": arguments}
        result = {"type": "tool_result", "tool_use_id": call, "content": output(n)}
        messages += [
            {"role": "assistant", "content": [use]},
            {"role": "user", "content": [result]},
        ]
        yield _body(messages)


def _body(messages: list[dict[str, Any]]) -> bytes:
    return json.dumps({"model": MODEL, "max_tokens": 9, "messages": messages}).encode()


def run(
    folder: Path,
    name: str,
    project: str = "/srv/shop",
    steps: int = 12,
    pause: float = 0.0,
    observe: bool = False,
) -> None:
    """Write a session into the store in a folder."""
    store = Store(folder)
    pipeline = Pipeline(store, Judge(), Situation(name, "claude", project, observe))
    cached = 0
    for body in bodies(steps, name):
        found = pipeline.shorten("api.anthropic.com", "/v1/messages", body)
        prompt = 18_000 + len(found.body) // 4
        usage = Usage(4, cached, prompt - cached, 0, 120)
        pipeline.settle(found.record, usage, MODEL, 200)
        cached = prompt
        time.sleep(pause)
    store.close()


if __name__ == "__main__":
    store, name, *more = sys.argv[1:]
    project, steps, pause = [*more, *["/srv/shop", "12", "0"][len(more) :]]
    run(Path(store), name, project, int(steps), float(pause))
