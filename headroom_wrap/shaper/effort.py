"""Less effort for turns that only go on after results, where that changes nothing cached.

Providers count the effort among what a cached prompt begins with: OpenAI lists `reasoning.effort`
under the settings that affect the prefix (https://developers.openai.com/api/docs/guides/
prompt-caching), Anthropic says that another `output_config.effort` "always invalidates message
blocks" (https://platform.claude.com/docs/en/build-with-claude/prompt-caching). What is left are
requests of which nothing is cached: Anthropic's own API caches only what is marked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from headroom_wrap.shaper.place import Edit
from headroom_wrap.wire.spans import Json

# One step. Every model that takes an effort takes these; below `low` some stop thinking at all.
_LOWER = {"max": "high", "xhigh": "high", "high": "medium", "medium": "low"}
_PLACES = {
    "anthropic": ("output_config", "effort"),
    "openai_responses": ("reasoning", "effort"),
    "openai_chat": ("reasoning_effort",),
}
_ONLY_WHAT_IS_MARKED = "api.anthropic.com"
_MARK = b'"cache_control"'


@dataclass(frozen=True, slots=True)
class Lowered:
    """An effort and the one in its place."""

    edit: Edit
    given: str
    sent: str

    def __str__(self) -> str:
        return f"{self.given}→{self.sent}"


def free(host: str, body: bytes, hosts: Collection[str]) -> bool:
    """Whether nothing that is cached depends on the effort; for `hosts` the user says so."""
    return host in hosts or (host == _ONLY_WHAT_IS_MARKED and _MARK not in body)


def lowered(wire: str, parsed: Json) -> Lowered | None:
    """The stated effort one step lower; None where none is stated or it is low already."""
    place = _PLACES.get(wire)
    span = parsed.whole if place else None
    for key in place or ():
        span = parsed.members(span).get(key)
    given = parsed.text(span)
    if span is None or given not in _LOWER:
        return None
    return Lowered((span, b'"' + _LOWER[given].encode() + b'"'), given, _LOWER[given])
