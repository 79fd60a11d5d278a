"""What is answered here: compress, retrieve, stats, health, metrics.

Requests and answers of `/v1/compress` and `/v1/retrieve` have the fields that callers of the other
Headroom's proxy know.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

import headroom_wrap
from headroom_wrap import originals, tokens
from headroom_wrap.config import Config
from headroom_wrap.errors import ConfigError, HeadroomError
from headroom_wrap.gateway.metrics import Metrics
from headroom_wrap.ledger import sums
from headroom_wrap.ledger.total import Total
from headroom_wrap.library import calls
from headroom_wrap.library.result import CompressResult
from headroom_wrap.retrieve import Part, part
from headroom_wrap.store import Store
from headroom_wrap.team.audit import Audit

# LiteLLM's guardrail takes 12 to 24, and only those that a marker shows.
_DIGITS = 12
_MESSAGES = ("messages", "contents", "input")
# By the method that answers.
ENDPOINTS = (
    ("POST", "/v1/compress", "compress"),
    ("POST", "/v1/retrieve", "retrieve"),
    ("GET", "/v1/retrieve/{hash}", "retrieve"),
    ("GET", "/stats", "stats"),
    ("GET", "/health", "health"),
    ("GET", "/metrics", "metrics"),
)
# Endpoints that show what belongs to a tenant.
PRIVATE = frozenset({"compress", "retrieve", "stats"})


class Api:
    """The endpoints over one store."""

    def __init__(
        self,
        config: Config,
        store: Store,
        metrics: Metrics,
        full: Callable[[], bool],
        audit: Audit,
    ) -> None:
        self._config = config
        self._store = store
        self._metrics = metrics
        self._full = full
        self._audit = audit

    async def compress(self, request: web.Request) -> web.Response:
        """Messages in, shorter messages out."""
        try:
            given = _object(await request.read())
            if request.headers.get("x-headroom-bypass", "").lower() == "true":
                given = {**given, "bypass": True}
            return _json(await asyncio.to_thread(self._compressed, given))
        except HeadroomError as problem:
            return _refused(problem)

    def _compressed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        messages = next((given[key] for key in _MESSAGES if key in given), None)
        if not isinstance(messages, list):
            raise ConfigError("messages must be a list")
        if given.get("bypass") is True or self._full():
            found = CompressResult(messages)
        else:
            found = calls.compress(
                messages,
                _text(given, "model"),
                level=_text(given, "level") or None,
                query=_text(given, "query"),
                target_tokens=_budget(given),
                tools=given.get("tools"),
                config=self._config,
            )
        found = _named(found)
        return {
            "messages": found.messages,
            "tokens_before": found.tokens_before,
            "tokens_after": found.tokens_after,
            "tokens_saved": found.tokens_saved,
            "compression_ratio": round(found.compression_ratio, 4),
            "transforms_applied": list(found.transforms),
            "ccr_hashes": [name[:_DIGITS] for name in found.hashes],
        }

    async def retrieve(self, request: web.Request) -> web.Response:
        """An original, or the part of it that is asked for."""
        try:
            given: Mapping[str, Any] = {**request.query, **request.match_info}
            if request.method == "POST":
                given = _object(await request.read())
            return _json(await asyncio.to_thread(self._retrieved, given))
        except HeadroomError as problem:
            return _refused(problem, 404)

    def _retrieved(self, given: Mapping[str, Any]) -> dict[str, Any]:
        # Only what belongs to no project: nobody here can say which one he works in.
        found = originals.find(self._store, _text(given, "hash"), "")
        self._audit.note("retrieve", found.hash, "api")
        self._metrics.fetched.labels("api").inc()
        context = _text(given, "context")
        wanted = Part(
            lines=_text(given, "lines"),
            grep=_text(given, "grep"),
            context=int(context) if context.isdigit() else 0,
            rows=_text(given, "rows"),
            jq=_text(given, "jq"),
        )
        return {
            "hash": found.hash,
            "original_content": part(found.text, wanted),
            "original_tokens": tokens.count(found.text),
            "tool_name": found.origin.tool,
            "command": found.origin.command,
        }

    async def stats(self, request: web.Request) -> web.Response:
        """What the ledger adds up to."""
        return _json(await asyncio.to_thread(self._stats))

    def _stats(self) -> dict[str, Any]:
        by_model = sums.ever(self._store, "model")
        whole = Total()
        for each in by_model.values():
            whole.merge(each)
        models = {name or "?": each.requests for name, each in by_model.items()}
        count = whole.requests or 1
        named = {"tenant": self._config.tenant} if self._config.tenant else {}
        return {
            **named,
            "requests": {"total": whole.requests, "failed": whole.refused, "by_model": models},
            "tokens": {
                "input": whole.input,
                "output": whole.output,
                "saved": whole.tokens_saved,
                "total_before_compression": whole.before,
                "savings_percent": round(100 * whole.saved_fraction, 2),
            },
            "cost": {
                "billed_usd": round(whole.billed, 6),
                "saved_usd": round(whole.saved, 6),
                "lost_usd": round(whole.lost, 6),
            },
            "overhead": {"average_ms": round(whole.overhead_ms / count, 3)},
            "cache": {"broken_prefixes": whole.broken, "read_fraction": round(whole.cache_rate, 4)},
        }

    async def health(self, request: web.Request) -> web.Response:
        """That this is us, and in which version."""
        settings = {"level": self._config.level.value, "optimize": not self._config.observe}
        facts: dict[str, Any] = {"service": "headroom", "version": headroom_wrap.__version__}
        if self._config.shared:
            facts["shared_store"] = "away" if self._store.away else "there"
        return _json({"status": "healthy", **facts, "config": settings})

    async def metrics(self, request: web.Request) -> web.Response:
        """For Prometheus."""
        kind = "text/plain; version=0.0.4; charset=utf-8"
        return web.Response(body=self._metrics.text(), headers={"content-type": kind})


def _named(found: CompressResult) -> CompressResult:
    """The same with the names of originals in the markers as they are listed beside them."""
    spelled, more = json.dumps(found.messages), 0
    for name in found.hashes:
        for end in (":", "]"):
            short, long = (f"[headroom {name[:n]}{end}" for n in (8, _DIGITS))
            more += spelled.count(short) * (tokens.count(long) - tokens.count(short))
            spelled = spelled.replace(short, long)
    return replace(found, messages=json.loads(spelled), tokens_after=found.tokens_after + more)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise ConfigError(f"the body is not JSON: {problem}") from problem
    if not isinstance(found, dict):
        raise ConfigError("the body must be a JSON object")
    return found


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    raise ConfigError(f"{name} must be a string")


def _budget(given: Mapping[str, Any]) -> int | None:
    value = given.get("target_tokens", given.get("token_budget"))
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    raise ConfigError("token_budget must be a positive whole number")


def _json(facts: Mapping[str, Any], status: int = 200) -> web.Response:
    # ASCII: a lone surrogate in somebody's log has no other spelling.
    return web.Response(
        text=json.dumps(facts), status=status, content_type="application/json", charset="utf-8"
    )


def _refused(problem: HeadroomError, missing: int = 400) -> web.Response:
    status = 400 if isinstance(problem, ConfigError) else missing
    error = {"type": "invalid_request_error", "message": str(problem), "hint": problem.hint}
    return _json({"error": error}, status)
