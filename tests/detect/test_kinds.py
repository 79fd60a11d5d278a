"""The kind a command is known for."""

from __future__ import annotations

import pytest

from headroom_wrap.detect.kinds import likely


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("rg -n foo src", "search"),
        ("cd x && git -C y log --stat", "gitlog"),
        ("git blame a.py", "blame"),
        ("tail -n 600 /var/log/x.log", "log"),
        ("docker logs web", "log"),
        ("pytest -q 2>&1 | tail -5", "testrun"),
        ("pytest -q | grep -c FAILED", "search"),
        ("make 2>&1 | tee build.log | head -n 200", "build"),
        ("git log --oneline | tail -20 notes.txt", ""),
        ("python -m pytest -q", "testrun"),
        ("curl -s http://localhost", ""),
        ("'unbalanced", ""),
        ("", ""),
    ],
)
def test_likely(command: str, kind: str) -> None:
    assert likely(command) == kind
