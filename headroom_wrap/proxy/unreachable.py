"""What an agent reads when its model cannot be reached, in every SDK's terms."""

from __future__ import annotations

import json

UNREACHABLE = 502


def told(what: str) -> dict[str, object]:
    """An error as Anthropic's and OpenAI's clients read it."""
    error = {"type": "api_error", "message": what, "code": "upstream_unreachable"}
    return {"type": "error", "error": error}


def speak() -> None:
    """Has mitmproxy say so. Its own words are a page in HTML: agents print that, or hide it and
    blame the user's login."""
    from mitmproxy.proxy.layers.http import _http1, _http2

    _http1.make_error_response = _response
    vars(_http2)["format_error"] = _body


def _response(status_code: int, message: str = "") -> bytes:
    from mitmproxy import http
    from mitmproxy.net.http import http1

    headers = http.Headers(connection="close", content_type="application/json")
    response = http.Response.make(status_code, _body(status_code, message), headers)
    return bytes(http1.assemble_response(response))


def _body(status_code: int, message: str) -> bytes:
    reached = "cannot reach the model: " if status_code == UNREACHABLE else ""
    return json.dumps(told(f"headroom: {reached}{message}")).encode()
