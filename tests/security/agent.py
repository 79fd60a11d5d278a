"""Stands in for an agent: says what environment it was given, then runs what it is told to.

python -m tests.security.agent: a JSON line out, then for each JSON line in (a command) one out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys


def main() -> None:
    """Until the end of the input."""
    print(json.dumps(dict(os.environ)), flush=True)
    for line in sys.stdin:
        ran = subprocess.run(json.loads(line), capture_output=True, text=True, check=False)
        print(json.dumps([ran.returncode, ran.stdout, ran.stderr]), flush=True)


if __name__ == "__main__":
    main()
