"""Who may use the proxy: whoever knows its secret, and what runs below us. Nobody else."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
from typing import TYPE_CHECKING
from weakref import WeakSet

from headroom_wrap.proxy.plan import USER

if TYPE_CHECKING:
    from mitmproxy.connection import Client
    from mitmproxy.http import HTTPFlow

_HEADER = "proxy-authorization"
_BODY = ("content-length", "transfer-encoding")
_WHY = b"headroom: this proxy belongs to another program\n"


class Admission:
    """Turns strangers away before anything is read, dialled or stored for them.

    The agent gets the secret in the URL of its proxy, and hands it on to what it starts. Programs
    that take no password from a URL are known by their parents instead.
    """

    def __init__(self, secret: str) -> None:
        self._wanted = base64.b64encode(f"{USER}:{secret}".encode())
        self._let_in: WeakSet[Client] = WeakSet()

    async def http_connect(self, flow: HTTPFlow) -> None:
        if await self._admitted(flow):
            self._let_in.add(flow.client_conn)
        else:
            _refuse(flow)

    async def requestheaders(self, flow: HTTPFlow) -> None:
        if flow.is_replay or flow.client_conn in self._let_in:
            return
        if await self._admitted(flow):
            return
        if any(name in flow.request.headers for name in _BODY):
            # An answer would only be sent once all of the body has arrived.
            flow.kill()
        else:
            _refuse(flow)

    async def _admitted(self, flow: HTTPFlow) -> bool:
        # The secret is for us: what lies behind us must not see it.
        given = flow.request.headers.pop(_HEADER, "")
        scheme, _, word = given.partition(" ")
        known = hmac.compare_digest(word.strip().encode("utf-8", "replace"), self._wanted)
        if scheme.lower() == "basic" and known:
            return True
        peer = flow.client_conn.peername
        return await asyncio.to_thread(_below_us, peer[0], peer[1])


def _refuse(flow: HTTPFlow) -> None:
    from mitmproxy.http import Response

    challenge = {"proxy-authenticate": 'Basic realm="headroom"'}
    flow.response = Response.make(407, _WHY, challenge)


def _below_us(host: str, port: int) -> bool:
    """Whether the other end of a connection is held by a process that we or ours started."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error, OSError):
            for each in child.net_connections("tcp"):
                if each.laddr and (each.laddr.ip, each.laddr.port) == (host, port):
                    return True
    return False
