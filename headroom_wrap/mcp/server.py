"""JSON-RPC over stdio, as MCP wants it: one message a line, answers in order.

Ours because the `mcp` SDK cannot be installed beside mitmproxy on every supported Python; the
tests drive it with that SDK's client. https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from headroom_wrap import __version__
from headroom_wrap.errors import HeadroomError
from headroom_wrap.mcp.tools import Tools

_log = logging.getLogger(__name__)
_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
_PARSE_ERROR, _INVALID_REQUEST, _NO_METHOD, _INVALID_PARAMS = -32700, -32600, -32601, -32602

Message = dict[str, Any]


def serve(tools: Tools, requests: Iterable[str], answers: TextIO) -> None:
    """Answer until `requests` (lines) ends."""
    for line in requests:
        if line.strip():
            answer = respond(tools, line)
            if answer is not None:
                answers.write(json.dumps(answer) + "\n")
                answers.flush()


def respond(tools: Tools, line: str) -> Message | None:
    """The answer to one line, or None for a notification."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return _error(None, _PARSE_ERROR, "not JSON")
    if not isinstance(message, dict) or not isinstance(message.get("method"), str):
        # An answer to a request we never made needs no answer.
        is_answer = isinstance(message, dict) and ("result" in message or "error" in message)
        return None if is_answer else _error(None, _INVALID_REQUEST, "no method")
    if "id" not in message:
        return None
    method = _METHODS.get(message["method"])
    if method is None:
        return _error(message["id"], _NO_METHOD, f"no method {message['method']!r}")
    params = message.get("params") or {}
    if not isinstance(params, dict):
        return _error(message["id"], _INVALID_PARAMS, "params must be an object")
    return {"jsonrpc": "2.0", "id": message["id"], "result": method(tools, params)}


def _error(request: object, code: int, what: str) -> Message:
    return {"jsonrpc": "2.0", "id": request, "error": {"code": code, "message": what}}


def _initialize(tools: Tools, params: Message) -> Message:
    asked = params.get("protocolVersion")
    return {
        "protocolVersion": asked if asked in _VERSIONS else _VERSIONS[0],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": "headroom", "title": "Headroom", "version": __version__},
        "instructions": tools.instructions,
    }


def _list(tools: Tools, params: Message) -> Message:
    return {"tools": tools.listed()}


def _call(tools: Tools, params: Message) -> Message:
    arguments = params.get("arguments") or {}
    try:
        if not isinstance(arguments, dict):
            raise HeadroomError("arguments must be an object")
        result = tools.call(str(params.get("name")), arguments)
    except HeadroomError as problem:
        result = {"error": str(problem), "hint": problem.hint}
    text = json.dumps(result, ensure_ascii=False)
    return {"content": [{"type": "text", "text": text}], "isError": "error" in result}


_METHODS: dict[str, Callable[[Tools, Message], Message]] = {
    "initialize": _initialize,
    "ping": lambda tools, params: {},
    "tools/list": _list,
    "tools/call": _call,
    "resources/list": lambda tools, params: {"resources": []},
    "prompts/list": lambda tools, params: {"prompts": []},
}
