"""The proxy that the user's own variables name."""

from __future__ import annotations

import pytest

from headroom_wrap.errors import ConfigError
from headroom_wrap.proxy.plan import Corporate, corporate


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://proxy.example:3128", Corporate("http://proxy.example:3128")),
        ("proxy.example", Corporate("http://proxy.example:80")),
        ("https://me:p%40ss@[::1]", Corporate("https://[::1]:443", "me:p@ss")),
    ],
)
def test_what_can_be_chained(given: str, expected: Corporate) -> None:
    assert corporate({"HTTPS_PROXY": given}) == expected


@pytest.mark.parametrize(
    "given", ["socks5://127.0.0.1:9", "http://", "http://proxy:many", "http://proxy:99999"]
)
def test_what_cannot_is_said(given: str) -> None:
    with pytest.raises(ConfigError, match="cannot go through"):
        corporate({"HTTPS_PROXY": given})


def test_hosts_that_it_is_not_for() -> None:
    found = corporate({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "internal.example, .dev:443"})
    assert found is not None
    assert not found.applies("api.internal.example")
    assert not found.applies("host.dev")
    assert found.applies("api.anthropic.com")
