"""What the examples' tool returns: a long list, of which one row is asked for."""

from __future__ import annotations

import json
import sys

ROWS = [
    {"id": n, "name": f"svc-{n}", "status": "ok", "latency": n * 7 % 31, "region": "eu-west-1"}
    for n in range(200)
]
TEXT = json.dumps(ROWS)
QUESTION = sys.argv[1] if len(sys.argv) > 1 else "What is the latency of svc-77?"
MODEL = "gpt-5.5"


def bash(command: str = "", description: str = "") -> str:
    """Run a command; here, whichever it is, the services are listed."""
    return TEXT
