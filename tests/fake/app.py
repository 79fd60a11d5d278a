"""Which host and path is answered by whom."""

from __future__ import annotations

import json

from tests.fake import anthropic, chat, gemini, sides
from tests.fake.cache import PrefixCache
from tests.fake.exchange import Answer, RefusedError, Request, as_json
from tests.fake.responses import Responses


class App:
    """All providers at once; routes are told apart by how the path ends."""

    def __init__(self) -> None:
        cache = PrefixCache()
        self._cache = cache
        self.responses = Responses(cache)

    def answer(self, request: Request) -> Answer:
        """The answer to one HTTP request; never raises."""
        wire = next(
            (
                name
                for name in ("messages", "completions", "responses", "count_tokens", "gemini")
                if request.route.endswith("/" + name) or _gemini(request, name)
            ),
            "",
        )
        if request.method != "POST" or not wire:
            return sides.answer(request)
        try:
            if wire == "messages":
                return anthropic.messages(request, self._cache)
            if wire == "count_tokens":
                return anthropic.count(request)
            if wire == "gemini":
                return gemini.generate(request)
            if wire == "completions":
                return chat.completions(request, self._cache)
            return self.responses.http(request)
        except RefusedError as refusal:
            return _error(wire, refusal.status, str(refusal))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
            return _error(wire, 400, f"Could not parse the request: {problem!r}")


def _gemini(request: Request, name: str) -> bool:
    return name == "gemini" and request.route.lower().endswith("generatecontent")


def _error(wire: str, status: int, message: str) -> Answer:
    kind = {"type": "invalid_request_error", "message": message}
    body = {"type": "error", "error": kind} if wire == "messages" else {"error": kind}
    return as_json(body, status, {"wire": wire, "refused": message})


def refusal_frame(refusal: RefusedError) -> str:
    """A refusal as a WebSocket message."""
    kind = {"type": "invalid_request_error", "message": str(refusal)}
    return json.dumps({"type": "error", "status": refusal.status, "error": kind})
