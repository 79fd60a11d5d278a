"""Stands in for an agent: sends what a job file says through the proxy of its environment.

python -m tests.proxy_faults.probe JOB OUT
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import ssl
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_HOST = "api.anthropic.com"
_PATIENCE = 90.0


def main(job: Path, out: Path) -> int:
    """Run the job, write what came back, and exit as the job says."""
    wanted = json.loads(job.read_text())
    with ThreadPoolExecutor(wanted["parallel"]) as pool:
        results = list(pool.map(send, wanted["requests"]))
    out.write_text(json.dumps(results))
    return int(wanted["exit"])


def send(request: Mapping[str, Any]) -> dict[str, Any]:
    """One request on a connection of its own."""
    started = time.monotonic()
    try:
        answer = _exchange(request)
    except (OSError, http.client.HTTPException) as problem:
        answer = {"error": repr(problem)}
    return {**answer, "seconds": time.monotonic() - started}


def _exchange(request: Mapping[str, Any]) -> dict[str, Any]:
    proxy = urlsplit(os.environ["HTTPS_PROXY"])
    context = ssl.create_default_context(cafile=os.environ["NODE_EXTRA_CA_CERTS"])
    line = http.client.HTTPSConnection(
        proxy.hostname or "", proxy.port, timeout=_PATIENCE, context=context
    )
    line.set_tunnel(_HOST, 443)
    body = Path(request["body"]).read_bytes()
    line.request(request["method"], request["path"], body, request["headers"])
    response = line.getresponse()
    if request["leave"]:
        response.read(1)
        line.close()
        return {"status": response.status}
    content, error = b"", ""
    try:
        content = response.read()
    except http.client.IncompleteRead as problem:
        content, error = problem.partial, repr(problem)
    return {
        "status": response.status,
        "headers": {key.lower(): value for key, value in response.getheaders()},
        "body": base64.b64encode(content).decode(),
        "error": error,
    }


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[-2:])))
