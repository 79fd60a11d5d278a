"""Headroom for foreign benchmarks: a JSON line in, a JSON line out, over standard streams.

{"op": "compress", "messages": […]}  ->  {"messages": […], "ms": 1.2, "stats": {…}}
{"op": "recover", "messages": […]}   ->  {"text": "what the markers in them stand for"}
{"op": "info"}                       ->  {"level": "safe"}
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ours import Ours

from headroom_wrap.types import Level


def answer(system: Ours, request: dict[str, Any]) -> dict[str, Any]:
    operation = request.get("op", "compress")
    if operation == "recover":
        return {"text": system.recover(request["messages"])}
    if operation == "info":
        return {"level": system.level.value}
    messages, ms, _ = system.compress(request["messages"])
    stats = {"compressors": [shown.compressor or shown.reason for shown in system.shown]}
    return {"messages": messages, "ms": ms, "stats": stats}


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench-adapter", description=__doc__)
    parser.add_argument("--level", default="safe", choices=[level.value for level in Level])
    level = Level(parser.parse_args().level)
    answers, sys.stdout = sys.stdout, sys.stderr
    with tempfile.TemporaryDirectory() as folder:
        system = Ours(Path(folder), level)
        for line in sys.stdin:
            if line.strip():
                try:
                    reply = answer(system, json.loads(line))
                except (ValueError, KeyError, TypeError) as problem:
                    reply = {"error": repr(problem)}
                answers.write(json.dumps(reply) + "\n")
                answers.flush()
        system.close()


if __name__ == "__main__":
    main()
