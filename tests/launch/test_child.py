"""The agent's process: what reaches it, and when."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

import pytest

from headroom_wrap.launch import child
from headroom_wrap.launch.plan import Command


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_comes_while_the_agent_starts_reaches_it(monkeypatch, number):
    start = subprocess.Popen

    def slow(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        os.kill(os.getpid(), number)
        return start(*given, **more)

    monkeypatch.setattr(subprocess, "Popen", slow)
    before = signal.signal(number, signal.SIG_DFL)
    try:
        assert child.run(Command(("sleep", "30"), os.environ)) == -number
    finally:
        signal.signal(number, before)
