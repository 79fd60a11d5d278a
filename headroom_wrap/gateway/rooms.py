"""A room for each tenant: a store, a pipeline and endpoints of its own, made when it first asks.

Nothing leads from one room to another: originals of others cannot be found, whatever is asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from headroom_wrap.errors import HeadroomError
from headroom_wrap.gateway.api import Api
from headroom_wrap.gateway.forward import Forward
from headroom_wrap.pipeline import Conversation, Pipeline, Record, Shortened
from headroom_wrap.store import Store
from headroom_wrap.team.tenants import KEY, Who

_log = logging.getLogger(__name__)
# Each holds a file open. Whoever comes later is served all the same, with nothing shortened.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Room:
    """What serves one tenant; in an empty one nothing is kept and nothing found."""

    forward: Forward
    api: Api
    empty: bool = False


class Rooms:
    """The rooms by tenant. `hall` serves requests of no known tenant; `build` makes the room of a
    tenant, once, and blocks. Without `who` there are no tenants: all are served in the hall."""

    def __init__(self, hall: Room, build: Callable[[str], Room], who: Who | None) -> None:
        self._hall = hall
        self._build = build
        self._who = who
        self._rooms: dict[str, Room] = {}
        self._building = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._rooms)

    async def of(self, request: web.Request) -> Room:
        """The room of the tenant that asks; the hall, where there are none or it is not known."""
        if self._who is None:
            return self._hall
        name = self._who.tenant(request.headers, request.query)
        if not name:
            return self._hall
        if name not in self._rooms:
            await self._open(name)
        return self._rooms.get(name, self._hall)

    async def _open(self, name: str) -> None:
        async with self._building:
            if name in self._rooms:
                return
            if len(self._rooms) >= _MOST:
                _log.error("more than %d tenants: one is not served but passed through", _MOST)
                return
            try:
                self._rooms[name] = await asyncio.to_thread(self._build, name)
            except HeadroomError as problem:
                # Tried again at the tenant's next request.
                _log.error("%s: a tenant's request is passed through", problem)

    def stripped(self, request: web.Request) -> web.Request:
        """The request without the header that is for us."""
        if self._who is None or self._who.by == KEY or self._who.by not in request.headers:
            return request
        headers = request.headers.copy()
        headers.popall(self._who.by)
        return request.clone(headers=headers)

    async def settled(self) -> None:
        """What has ended is accounted for, in every room."""
        for room in (self._hall, *self._rooms.values()):
            await room.forward.settled()


class Idle(Pipeline):
    """Changes nothing and keeps nothing: for those who cannot be told apart."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.full = lambda: True

    def shorten(
        self, host: str, path: str, body: bytes, so_far: Conversation | None = None
    ) -> Shortened:
        return Shortened(body)

    def refused(self, endpoint: str, record: Record | None) -> None:
        """Nothing of ours was in the body that was refused, but for what `--align` put there."""
