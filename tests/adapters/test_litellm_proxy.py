"""LiteLLM's proxy: with our guardrail, and with its own that calls `/v1/compress`."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.conftest import Need
from tests.gateway.ask import get, post
from tests.gateway.running import Gateway, gateway
from tests.library import talk

_OURS = "headroom_wrap.adapters.litellm.HeadroomGuardrail"
_PATIENCE = 100
_KEY = "sk-0123456789abcdef0123456789abcdef"
_START = "from litellm import run_server; run_server()"


@contextlib.contextmanager
def _litellm(python: Path, running: Gateway, guardrail: str) -> Iterator[str]:
    """The URL of a proxy with this guardrail, in front of the fake model."""
    model = {"model": "openai/gpt-5.5", "api_key": "sk-1"}
    model["api_base"] = f"http://127.0.0.1:{running.fake}/v1"
    guard = {"guardrail": guardrail, "mode": "pre_call", "default_on": True}
    config = {
        "model_list": [{"model_name": "gpt-5.5", "litellm_params": model}],
        "guardrails": [
            {"guardrail_name": "shorter", "litellm_params": {**guard, "api_base": running.url}}
        ],
    }
    file = running.folder / "config.yaml"
    # YAML holds JSON.
    file.write_text(json.dumps(config))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--config", str(file), "--host", "127.0.0.1", "--port", str(port)]
    environ = {**os.environ, "HEADROOM_HOME": str(running.folder / "litellm")}
    environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MASTER_KEY": _KEY}
    url = f"http://127.0.0.1:{port}"
    log = running.folder / "litellm.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [str(python), "-c", _START, *words], stdout=said, stderr=said, env=environ
        )
        try:
            _wait(url, log, process)
            yield url
        finally:
            process.kill()
            process.wait()


def _wait(url: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(5 * _PATIENCE):
        with contextlib.suppress(OSError):
            if get(f"{url}/health/liveliness").status == 200:
                return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(log.read_text(errors="replace"))


@pytest.mark.parametrize("guardrail", [_OURS, "headroom"])
@pytest.mark.timeout(180)
def test_results_are_shortened(guardrail: str, tmp_path: Path, environment: Need) -> None:
    python = environment("litellm")
    # LiteLLM's own leaves the last exchange alone: the result is of an earlier one.
    messages = [
        *talk.chat(),
        {"role": "assistant", "content": "35"},
        {"role": "user", "content": "And svc-78? [[S: text all done now]]"},
    ]
    with gateway(tmp_path) as running, _litellm(python, running, guardrail) as url:
        asked = {"model": "gpt-5.5", "messages": messages}
        key = {"authorization": f"Bearer {_KEY}"}
        answer = post(f"{url}/v1/chat/completions", asked, key)
        assert answer.status == 200, answer.body
        assert "all done now" in answer.json["choices"][0]["message"]["content"]
        sent = [each for each in running.seen() if each.model_call][-1]
    assert b"eu-west-1" in sent.body
    assert len(sent.body) < len(talk.TEXT) / 3
