"""The proxy that the user's own variables name: gone through, or told to be none."""

from __future__ import annotations

import pytest

from headroom_wrap.errors import ConfigError
from headroom_wrap.proxy.plan import Corporate, corporate


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({"HTTPS_PROXY": "proxy:3128"}, Corporate("http://proxy:3128")),
        ({"ALL_PROXY": "https://proxy"}, Corporate("https://proxy:443")),
        ({"https_proxy": "http://[::1]:8"}, Corporate("http://[::1]:8")),
        (
            {"https_proxy": "http://me%40home:p%3Aw@proxy", "no_proxy": "a.example, .B.example"},
            Corporate("http://proxy:80", "me@home:p:w", ("a.example", ".b.example")),
        ),
        (
            {"HTTPS_PROXY": "http://headroom:word@127.0.0.1:5"},
            Corporate("http://127.0.0.1:5", "headroom:word", session=True),
        ),
    ],
)
def test_what_is_gone_through(environ, found):
    assert corporate(environ) == found


@pytest.mark.parametrize(
    "given", ["garbage:::", "http://", "http://h:99999", "http://[::1", "socks5://h:1", "://"]
)
def test_what_is_none(given):
    with pytest.raises(ConfigError, match="in HTTPS_PROXY") as caught:
        corporate({"HTTPS_PROXY": given.replace("h:", "me:word@h:")})
    assert "http://HOST:PORT" in caught.value.hint
    assert "word" not in str(caught.value)
