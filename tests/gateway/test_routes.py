"""Where requests go, told by path and headers."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from headroom_wrap.gateway.routes import Routes

_KEY = {"x-goog-api-key": "k"}
_CLAUDE = {"anthropic-version": "2023-06-01"}
_LOGIN = {"chatgpt-account-id": "a"}


@pytest.mark.parametrize(
    ("path", "headers", "url"),
    [
        ("/v1/messages?beta=true", {}, "https://api.anthropic.com/v1/messages?beta=true"),
        ("/v1/messages/count_tokens", {}, "https://api.anthropic.com/v1/messages/count_tokens"),
        ("/v1/models", _CLAUDE, "https://api.anthropic.com/v1/models"),
        ("/v1/models", {}, "https://api.openai.com/v1/models"),
        ("/v1/models", _KEY, "https://generativelanguage.googleapis.com/v1/models"),
        ("/responses", {}, "https://api.openai.com/v1/responses"),
        ("/v1/responses", _LOGIN, "https://chatgpt.com/backend-api/codex/responses"),
        ("/backend-api/codex/models", _LOGIN, "https://chatgpt.com/backend-api/codex/models"),
        ("/openai/v1/models", _CLAUDE, "https://api.openai.com/v1/models"),
        (
            "/v1beta/models/gemini-3-pro:generateContent",
            {},
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent",
        ),
    ],
)
def test_providers(path: str, headers: dict[str, str], url: str) -> None:
    assert Routes().find(path, headers).url == url


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/chat/completions"),
        ("https://openrouter.ai/api/v1/", "https://openrouter.ai/api/v1/chat/completions"),
        ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
    ],
)
def test_other_bases(base: str, url: str) -> None:
    assert Routes(openai=base).find("/v1/chat/completions", {}).url == url
    assert Routes({"api.openai.com": base}).find("/v1/chat/completions", {}).url == url
    assert Routes(openai=base).find("/v1/messages", {}).host == "api.anthropic.com"


@pytest.mark.parametrize("headers", [{}, _CLAUDE, _KEY, _LOGIN])
@pytest.mark.parametrize(
    "path",
    [
        "http://evil.example/v1/messages",
        "@evil.example/",
        ".evil.example/",
        ":80@evil.example/",
        "//evil.example/v1/messages",
        "/anthropic",
        "/gemini/@evil.example",
        "*",
        "",
    ],
)
def test_no_path_leads_to_another_host(path: str, headers: dict[str, str]) -> None:
    found = Routes().find(path, headers)
    assert urlsplit(found.url).netloc == found.host
