"""`headroom proxy --align` marks the requests of clients that mark nothing."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from tests.gateway.running import gateway

SYSTEM = "You are an agent. It is 2026-11-25. " + "Be brief. " * 600


def test_a_plain_client_reads_from_the_cache(tmp_path: Path) -> None:
    ask = {"role": "user", "content": "Go"}
    body = {"model": "claude-opus-4-8", "max_tokens": 9, "system": SYSTEM, "messages": [ask]}
    with gateway(tmp_path, "--align") as proxy:
        for _ in range(2):
            request = urllib.request.Request(
                f"{proxy.url}/v1/messages",
                json.dumps(body).encode(),
                {
                    "content-type": "application/json",
                    "x-api-key": "sk-ant-fake",
                    "anthropic-version": "2023-06-01",
                },
            )
            with urllib.request.urlopen(request, timeout=20) as answer:
                usage = json.load(answer)["usage"]
        assert proxy.seen()[-1].json["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert usage["cache_read_input_tokens"] > 1000
