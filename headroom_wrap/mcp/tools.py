"""The three tools. Names and fields are those that callers of the other Headroom already use."""

from __future__ import annotations

import time
from typing import Any

from headroom_wrap import marker, originals, tokens
from headroom_wrap.errors import HeadroomError
from headroom_wrap.ledger import sums
from headroom_wrap.ledger.total import Total
from headroom_wrap.pipeline.judge import squeezed
from headroom_wrap.retrieve import Part, part
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Ask, Level, Origin, Squeezed

# Claude Code cuts a tool result at this many characters unless told otherwise.
_MAX_CHARS = 400_000

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}

RETRIEVE: dict[str, Any] = {
    "name": "headroom_retrieve",
    "description": (
        "Get back the original of a text that Headroom shortened. The hash stands in its "
        "marker: `[headroom 9f3a1c2b: …]`. Ask for just the part you need."
    ),
    "inputSchema": {
        "type": "object",
        "properties": {
            "hash": {**_TEXT, "description": "The hash in the marker, 8 or more hex digits"},
            "lines": {**_TEXT, "description": "Line range, from 1: `120-180`, `120-`, `7`"},
            "grep": {**_TEXT, "description": "Only lines that match this regular expression"},
            "context": {**_COUNT, "description": "Lines around each match"},
            "rows": {**_TEXT, "description": "Range of JSON array elements or table rows"},
            "jq": {**_TEXT, "description": "A jq expression over a JSON original"},
        },
        "required": ["hash"],
    },
    "annotations": {"readOnlyHint": True, "openWorldHint": False},
    "_meta": {"anthropic/maxResultSizeChars": _MAX_CHARS},
}

_LISTED: list[dict[str, Any]] = [
    RETRIEVE,
    {
        "name": "headroom_compress",
        "description": (
            "Shorten a long text (JSON, logs, search results, test output, …). The original is "
            "kept; `headroom_retrieve` gives it back."
        ),
        "inputSchema": {
            "type": "object",
            "properties": {
                "content": {**_TEXT, "description": "The text to shorten"},
                "kind": {**_TEXT, "description": "The command that printed it, where known"},
                "query": {**_TEXT, "description": "What you look for: it is never left out"},
            },
            "required": ["content"],
        },
    },
    {
        "name": "headroom_stats",
        "description": "Tokens and money saved in this session, today and in all.",
        "inputSchema": {"type": "object", "properties": {}},
        "annotations": {"readOnlyHint": True, "openWorldHint": False},
    },
]


class Tools:
    """The tools over one store; keeps count of its own session. Without a `project`, originals of
    all are served: who asks has been checked already."""

    instructions = (
        "Texts with a `[headroom …]` marker were shortened; headroom_retrieve returns the original "
        "or just the lines, matches or rows you need."
    )

    def __init__(
        self, store: Store, *, project: str | None = "", level: Level = Level.SAFE
    ) -> None:
        self.store = store
        self.project = project
        self.level = level
        self.started = time.time()
        self.compressions = self.retrievals = self.tokens_before = self.tokens_after = 0

    def listed(self) -> list[dict[str, Any]]:
        """The tools as `tools/list` shows them."""
        return _LISTED

    def call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """One call's result; raises HeadroomError with what to do instead."""
        if name == "headroom_retrieve":
            return self._retrieve(arguments)
        if name == "headroom_compress":
            return self._compress(arguments)
        if name == "headroom_stats":
            return self._stats()
        raise HeadroomError(f"no tool {name!r}", "tools/list names them")

    def _retrieve(self, arguments: dict[str, Any]) -> dict[str, Any]:
        original = originals.find(self.store, _string(arguments, "hash"), self.project)
        wanted = Part(
            lines=_string(arguments, "lines"),
            grep=_string(arguments, "grep"),
            context=_integer(arguments, "context"),
            rows=_string(arguments, "rows"),
            jq=_string(arguments, "jq"),
        )
        self.retrievals += 1
        text = part(original.text, wanted)
        return {"hash": original.hash, "source": "local", "original_content": text}

    def _compress(self, arguments: dict[str, Any]) -> dict[str, Any]:
        content = _string(arguments, "content")
        if not content:
            raise HeadroomError("content is required")
        origin = Origin(tool="bash", command=_string(arguments, "kind"))
        result = squeezed(content, origin, Ask(self.level, _string(arguments, "query")))
        before = tokens.count(content)
        sent, name = self._kept(content, origin, result)
        after = tokens.count(sent)
        if after >= before:
            sent, name, after = content, None, before
        self.compressions += 1
        self.tokens_before += before
        self.tokens_after += after
        return {
            "compressed": sent,
            "hash": name,
            "original_tokens": before,
            "compressed_tokens": after,
            "tokens_saved": before - after,
            "savings_percent": round(100 * (1 - after / before), 1) if before else 0.0,
            "transforms": [result.compressor] if result and name else [],
        }

    def _kept(
        self, content: str, origin: Origin, result: Squeezed | None
    ) -> tuple[str, str | None]:
        if result is None:
            return content, None
        batch = Batch()
        name = batch.put_original(content, origin, self.project or "")
        self.store.write(batch)
        return marker.add(result, content, name), name

    def _stats(self) -> dict[str, Any]:
        midnight = time.mktime((*time.localtime()[:3], 0, 0, 0, 0, 0, -1))
        today = sums.since(self.store, "all", midnight).get("", Total())
        saved = self.tokens_before - self.tokens_after
        return {
            "session_duration_seconds": round(time.time() - self.started),
            "compressions": self.compressions,
            "retrievals": self.retrievals,
            "total_input_tokens": self.tokens_before,
            "total_output_tokens": self.tokens_after,
            "total_tokens_saved": saved,
            "savings_percent": round(100 * saved / self.tokens_before, 1) if saved else 0.0,
            "today": _summary(today),
            "all": _summary(sums.ever(self.store, "all").get("", Total())),
        }


def _summary(total: Total) -> dict[str, Any]:
    return {
        "requests": total.requests,
        "tokens_saved": total.tokens_saved,
        "saved_usd": round(total.saved, 4),
        "billed_usd": round(total.billed, 4),
    }


def _string(arguments: dict[str, Any], name: str) -> str:
    value = arguments.get(name)
    if value is None:
        return ""
    if isinstance(value, (str, int)):
        return str(value)
    raise HeadroomError(f"{name} must be a string")


def _integer(arguments: dict[str, Any], name: str) -> int:
    value = arguments.get(name) or 0
    if isinstance(value, int):
        return value
    raise HeadroomError(f"{name} must be a whole number")
