"""Hosts that the user sends an agent to already: which of them are read, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom_wrap.launch.plan import gateways
from headroom_wrap.profiles import load


@pytest.mark.parametrize(
    ("url", "hosts", "said"),
    [
        ("https://gateway.example/anthropic", ["gateway.example"], ""),
        ("https://10.0.0.7:8443", [], "passed on unread"),
        ("https://[fd00::7]/v1", [], "passed on unread"),
        ("http://gateway.example", [], "plain http"),
        ("https://[bad", [], "is no URL"),
        ("", [], ""),
    ],
)
def test_gateways(tmp_path: Path, url: str, hosts: list[str], said: str) -> None:
    found, problems = gateways(load("claude", tmp_path), {"ANTHROPIC_BASE_URL": url})
    assert found == hosts
    assert said in "".join(problems)
    assert bool(said) == bool(problems)
