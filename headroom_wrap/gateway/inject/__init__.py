"""`headroom_retrieve` for clients with no other way back: declared by us, and answered by us.

The client never sees the tool. What it does not know of an exchange is put back into its later
requests, so that the provider's prefix stays what it was.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap import originals
from headroom_wrap.errors import HeadroomError
from headroom_wrap.gateway.inject import anthropic, openai_chat, openai_responses
from headroom_wrap.gateway.inject._api import Dialect
from headroom_wrap.gateway.inject.hidden import Hidden
from headroom_wrap.gateway.inject.tool import Ask
from headroom_wrap.mcp.tools import Tools
from headroom_wrap.store import Store
from headroom_wrap.team.audit import Audit
from headroom_wrap.wire import put
from headroom_wrap.wire.spans import Json

_log = logging.getLogger(__name__)
# A call without an id, a number where a list belongs.
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)
Post = Callable[[bytes], Awaitable[AsyncIterator[bytes]]]
_DIALECTS: dict[str, Dialect] = {
    "/messages": anthropic,
    "/chat/completions": openai_chat,
    "/responses": openai_responses,
}


@dataclass(frozen=True, slots=True)
class Inject:
    """The tool over one store. `prepare` before a request leaves, `answer` on its way back."""

    store: Store
    audit: Audit = field(default_factory=Audit)
    fetched: Callable[[], object] = field(default=lambda: None)
    """Called for each original that the model fetched."""

    def dialect(self, path: str) -> Dialect | None:
        """The form of this endpoint's requests and answers, None where the tool has no place."""
        bare = path.partition("?")[0].rstrip("/")
        return next((found for end, found in _DIALECTS.items() if bare.endswith(end)), None)

    def prepare(self, path: str, body: bytes) -> bytes:
        """The body with the tool declared and hidden exchanges put back. Blocking."""
        dialect = self.dialect(path)
        if dialect is None:
            return body
        parsed = Json(body)
        top = parsed.members(parsed.whole)
        if not parsed.elements(top.get("tools")):
            # Where nothing can be called, no result can have been shortened.
            return body
        edits = dialect.put_back(parsed, top, Hidden(self.store, dialect.NAME))
        edits.append(dialect.declaration(parsed, top["tools"]))
        return put(body, edits)

    def answer(
        self,
        path: str,
        body: bytes,
        stream: AsyncIterator[bytes],
        post: Post,
        named: Collection[str] = (),
    ) -> AsyncIterator[bytes]:
        """The answer to `body` with our own calls taken out; `post` sends a continuation.
        `named` are the hashes of the originals that we named in the body."""
        dialect = self.dialect(path)
        if dialect is None:
            return stream
        hidden = Hidden(self.store, dialect.NAME)
        ask = Ask(body, post, lambda arguments: self.fetch(named, arguments), hidden)
        return _passing_on(dialect, stream, ask)

    async def fetch(self, named: Collection[str], arguments: Any) -> str:
        """What a call gets, where it asks for one of the originals that we `named`."""
        return await asyncio.to_thread(self._fetched, named, arguments)

    def _fetched(self, named: Collection[str], arguments: Any) -> str:
        """Text for the model, errors too: it may ask again in another way."""
        given = arguments if isinstance(arguments, dict) else {}
        name = str(given.get("hash", ""))[:64].strip().lower()
        try:
            # A tool may print what looks like a marker: only one that we made counts.
            whole = next((each for each in named if each.startswith(name)), "")
            if len(name) < 8 or not whole:
                originals.unknown(name)
            tools = Tools(self.store, project=None)
            found = tools.call("headroom_retrieve", {**given, "hash": whole})
            self.audit.note("retrieve", str(found["hash"]), "tool")
            self.fetched()
            return str(found["original_content"])
        except HeadroomError as problem:
            return json.dumps({"error": str(problem), "hint": problem.hint})


async def _passing_on(
    dialect: Dialect, stream: AsyncIterator[bytes], ask: Ask
) -> AsyncIterator[bytes]:
    """The dialect's answer; what it cannot make out goes on as it comes."""
    taken: list[bytes] = []

    async def noted() -> AsyncIterator[bytes]:
        async for chunk in stream:
            taken.append(chunk)
            yield chunk

    given = False
    try:
        async for piece in dialect.answered(noted(), ask):
            given = True
            yield piece
    except _MALFORMED as problem:
        _log.error("an answer is passed on as it is: %r", problem)
        if not given:
            yield b"".join(taken)
        async for chunk in stream:
            yield chunk
