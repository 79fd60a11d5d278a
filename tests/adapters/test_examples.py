"""Every example does a tool loop with the real framework; what reaches the model is short."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_wrap import ledger
from headroom_wrap.store import Store
from tests.adapters.conftest import Need, home_of
from tests.fake.local import serving
from tests.fake.record import seen
from tests.gateway.running import gateway
from tests.library import talk

_ROOT = Path(__file__).parents[2]
_LOOPS = {
    "langchain_agent": "langchain",
    "langchain_model": "langchain",
    "langgraph_node": "langchain",
    "litellm_callback": "litellm",
    "agno_agent": "agno",
    "strands_agent": "strands",
    "openai_client": "clients",
    "anthropic_client": "clients",
    "genai_client": "clients",
}
_SCRIPT = "What is the latency of svc-77? [[S: bash list-services | text all done now]]"


def _run(python: Path, example: str, home: Path, base: str, off: str = "0") -> str:
    environ = {
        **os.environ,
        "HEADROOM_HOME": str(home),
        "HEADROOM_OFF": off,
        "OPENAI_BASE_URL": f"{base}/v1",
        "OPENAI_API_BASE": f"{base}/v1",
        "OPENAI_API_KEY": "sk-1",
        "ANTHROPIC_BASE_URL": base,
        "ANTHROPIC_API_KEY": "sk-1",
        "GOOGLE_GEMINI_BASE_URL": base,
        "GEMINI_API_KEY": "sk-1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    command = [str(python), str(_ROOT / "examples" / f"{example}.py"), _SCRIPT]
    ran = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("example", _LOOPS)
def test_tool_loops(example: str, tmp_path: Path, environment: Need) -> None:
    python = environment(_LOOPS[example])
    with serving(tmp_path / "fake") as port:
        said = _run(python, example, tmp_path / "home", f"http://127.0.0.1:{port}")
    assert "all done now" in said
    bodies = [each.body for each in seen(tmp_path / "fake") if each.model_call]
    assert len(bodies) >= 2
    for body in bodies[1:]:
        assert b"eu-west-1" in body
        assert len(body) < len(talk.TEXT) / 3
    store = Store(home_of(tmp_path / "home"))
    rows = list(ledger.rows(store))
    store.close()
    assert sum(row.before - row.after for row in rows) > 0
    if example.endswith("_client"):
        assert sum(row.usage.input for row in rows if row.usage) > 0


@pytest.mark.parametrize("example", [*(n for n in _LOOPS if "_client" in n), "litellm_callback"])
def test_clients_that_know_nothing_of_us(example: str, tmp_path: Path, environment: Need) -> None:
    """The same programs, the library switched off in them: `headroom proxy` is their base URL."""
    python = environment(_LOOPS[example])
    with gateway(tmp_path) as running:
        said = _run(python, example, tmp_path / "other", running.url, off="1")
        bodies = [each.body for each in running.seen() if each.model_call]
    assert "all done now" in said
    assert len(bodies) >= 2
    for body in bodies[1:]:
        assert b"eu-west-1" in body
        assert len(body) < len(talk.TEXT) / 3


def test_documents(tmp_path: Path, environment: Need) -> None:
    said = _run(environment("langchain"), "langchain_documents", tmp_path, "http://127.0.0.1:1")
    sizes, found = said.splitlines()
    before, after = map(int, sizes.split())
    assert after < before / 3
    assert "'lower'" in found
    assert found.endswith("True")


def test_every_example_is_run() -> None:
    named = {path.stem for path in (_ROOT / "examples").glob("*.py")}
    assert named == {*_LOOPS, "langchain_documents", "services", "asgi_app"}


def test_asgi(tmp_path: Path) -> None:
    command = [sys.executable, str(_ROOT / "examples" / "asgi_app.py")]
    environ = {**os.environ, "HEADROOM_HOME": str(tmp_path)}
    ran = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert ran.returncode == 0, ran.stderr
    before, after, other = map(int, ran.stdout.split())
    assert after < before / 3
    assert other == 5
