"""Which provider a request is for: by its path, and by the headers that only one provider has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from headroom_wrap.proxy.plan import target

ANTHROPIC, OPENAI = "api.anthropic.com", "api.openai.com"
GEMINI, CHATGPT = "generativelanguage.googleapis.com", "chatgpt.com"
_NAMED = {"anthropic": ANTHROPIC, "openai": OPENAI, "gemini": GEMINI}
_ANTHROPIC = ("/v1/messages", "/v1/complete")
_GEMINI = ("/v1beta/", "/v1alpha/", "/upload/", "/v1internal", "/v1beta1/")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes: the provider's own host and path, and the URL that is called."""

    host: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Routes:
    """`upstream` sends a host's requests to another base URL, `openai` all of OpenAI's form."""

    upstream: Mapping[str, str] = field(default_factory=dict)
    openai: str = ""

    def find(self, path: str, headers: Mapping[str, str]) -> Route:
        """The route of a request; `path` is as it came, query included."""
        path = _origin_form(path)
        name, _, rest = path.lstrip("/").partition("/")
        if name in _NAMED:
            return self._route(_NAMED[name], f"/{rest}")
        bare = path.partition("?")[0]
        if bare.startswith(_ANTHROPIC) or "anthropic-version" in headers:
            return self._route(ANTHROPIC, path)
        if bare.startswith(_GEMINI) or "x-goog-api-key" in headers:
            return self._route(GEMINI, path)
        if "chatgpt-account-id" in headers and not self.openai:
            inner = path if bare.startswith("/backend-api/") else _codex(path)
            return self._route(CHATGPT, inner)
        return self._route(OPENAI, path)

    def _route(self, host: str, path: str) -> Route:
        if host == OPENAI:
            path = path if path.startswith("/v1/") else f"/v1{path}"
            base = self.openai or self.upstream.get(host, "")
            return Route(host, path, _joined(base or f"https://{host}", path))
        base = self.upstream.get(host, "")
        return Route(host, path, base.rstrip("/") + path if base else f"https://{host}{path}")


def _origin_form(path: str) -> str:
    """A target that names a host itself must not lead elsewhere: only its path counts."""
    if path.startswith("/"):
        return path
    parts = urlsplit(path)
    query = f"?{parts.query}" if parts.query else ""
    return f"/{parts.path.lstrip('/')}{query}"


def _codex(path: str) -> str:
    return f"/backend-api/codex{path.removeprefix('/v1')}"


def _joined(base: str, path: str) -> str:
    """A base that has a path of its own stands for `/v1`, as in `https://openrouter.ai/api/v1`."""
    if target(base).prefix:
        return base.rstrip("/") + path.removeprefix("/v1")
    return base.rstrip("/") + path
