"""Many agent sessions at once, each a conversation after the other.

python -m tests.chaos.agents SESSIONS REQUESTS TURNS [shift…]; goes where ANTHROPIC_BASE_URL or
HTTPS_PROXY leads, and prints how many were answered.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

_HOST = "api.anthropic.com"
_PATIENCE = 300.0
_HEAD = '{"model": "claude-opus-4-8", "stream": true, '
_WORDS = (
    "connected to peer;request done;cache miss for key;queue drained;retry after timeout".split(";")
)


def _result(chance: random.Random) -> str:
    """What a tool printed: a log, or JSON rows."""
    count = chance.randrange(40, 160)
    if chance.random() < 0.3:
        rows = [
            {"id": number, "name": f"job-{number}", "state": chance.choice(["ok", "waiting"])}
            for number in range(count)
        ]
        return json.dumps(rows)
    return "\n".join(
        f"2026-11-25T03:{n // 60:02}:{n % 60:02}Z {chance.choice(_WORDS)} {chance.random():.2f}"
        for n in range(count)
    )


def _line() -> http.client.HTTPConnection:
    base = os.environ.get("ANTHROPIC_BASE_URL", "")
    if base:
        parts = urlsplit(base)
        return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE)
    proxy = urlsplit(os.environ["HTTPS_PROXY"])
    context = ssl.create_default_context(cafile=os.environ["NODE_EXTRA_CA_CERTS"])
    line = http.client.HTTPSConnection(
        proxy.hostname or "", proxy.port, timeout=_PATIENCE, context=context
    )
    line.set_tunnel(_HOST, 443)
    return line


def session(number: int, requests: int, turns: int) -> int:
    """One agent; returns how many of its requests were answered in full."""
    line, chance, answered = _line(), random.Random(number), 0
    messages: list[str] = []
    for request in range(requests):
        if request % turns == 0:
            prompt = f"session {number}, conversation {request // turns}"
            messages = [json.dumps({"role": "user", "content": prompt})]
        name = f"toolu_{number:06}_{request:012}"
        use = {
            "type": "tool_use",
            "id": name,
            "name": "Bash",
            "input": {"command": f"./run {name}"},
        }
        back = {"type": "tool_result", "tool_use_id": name, "content": _result(chance)}
        messages.append(json.dumps({"role": "assistant", "content": [use]}))
        messages.append(json.dumps({"role": "user", "content": [back]}))
        body = f'{_HEAD}"messages": [{",".join(messages)}]}}'
        try:
            line.request(
                "POST", "/v1/messages", body.encode(), {"content-type": "application/json"}
            )
            response = line.getresponse()
            content = response.read()
            whole = response.status == 200 and b"message_stop" in content
            answered += whole
            if not whole:
                print(f"{name}: {response.status} {content[:200]!r}", file=sys.stderr)
        except (OSError, http.client.HTTPException) as problem:
            print(f"{name}: {problem!r}", file=sys.stderr)
            line.close()
    line.close()
    return answered


def main() -> None:
    """All sessions, a thread each."""
    sessions, requests, turns = map(int, sys.argv[1:4])
    with ThreadPoolExecutor(sessions) as pool:
        each = pool.map(
            lambda number: session(number, requests // sessions, turns), range(sessions)
        )
        print(sum(each))


if __name__ == "__main__":
    main()
