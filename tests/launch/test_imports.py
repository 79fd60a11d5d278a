"""What a start costs is what it imports: the heavy modules wait until they are needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_LATER = "numpy tiktoken tree_sitter llama_cpp rich selectolax aiohttp prometheus_client".split()
_SHOW = "import sys; from headroom_wrap import cli; cli.run({}); print(*sorted(sys.modules))"


def imported(tmp_path: Path, *arguments: str) -> set[str]:
    """Top-level modules that a command line has loaded when it ends."""
    agent = tmp_path / "claude"
    agent.write_text("#!/bin/sh\nexit 0\n")
    agent.chmod(0o755)
    env = {
        **os.environ,
        "HEADROOM_HOME": str(tmp_path / "home"),
        "PATH": f"{tmp_path}:/usr/bin:/bin",
    }
    command = [sys.executable, "-c", _SHOW.format(list(arguments))]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize("arguments", [["--help"], ["wrap", "--help"], ["version"], ["agents"]])
def test_help_is_light(tmp_path, arguments):
    heavy = {"mitmproxy", "cryptography", "lmdb", "psutil", *_LATER}
    assert not imported(tmp_path, *arguments) & heavy


def test_a_dry_run_starts_no_proxy(tmp_path):
    assert not imported(tmp_path, "wrap", "claude", "--dry-run") & {"mitmproxy", "lmdb", *_LATER}


def test_a_wrap_starts_with_nothing_that_only_results_need(tmp_path):
    found = imported(tmp_path, "wrap", "claude")
    assert "mitmproxy" in found
    assert not found & set(_LATER)


_FIRST = """
import sys, threading
from pathlib import Path
from headroom_wrap.pipeline import Judge, Pipeline, Situation
from headroom_wrap.store import Store
from tests.pipeline.talk import Talk
Talk().send(Pipeline(Store(Path(sys.argv[1])), Judge(), Situation("s", "claude", "/p")))
for thread in threading.enumerate():
    if thread.name == "prepare":
        thread.join()
from headroom_wrap.compressors import NAMES
print("tiktoken" in sys.modules, *(f"headroom_wrap.compressors.{n}" in sys.modules for n in NAMES))
"""


def test_while_the_model_thinks_about_the_prompt_we_get_ready_for_the_first_result(tmp_path):
    command = [sys.executable, "-c", _FIRST, str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"True"}
