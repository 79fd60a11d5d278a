"""A session inside a session: what the inner one shortens and counts, the outer one passes on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from mitmproxy.connection import Client
    from mitmproxy.http import HTTPFlow

COUNTED = "headroom-counted"


class Inner:
    """Tells the session around us which connections are ours. Added where the proxy behind us is
    one of a session."""

    def http_connect_upstream(self, flow: HTTPFlow) -> None:
        flow.request.headers[COUNTED] = "1"


class Outer:
    """Notes whose connection it is. Else `perf` would tell every request of it twice."""

    def __init__(self) -> None:
        self._inner: WeakSet[Client] = WeakSet()

    def http_connect(self, flow: HTTPFlow) -> None:
        if flow.request.headers.pop(COUNTED, ""):
            self._inner.add(flow.client_conn)

    def requestheaders(self, flow: HTTPFlow) -> None:
        if flow.client_conn in self._inner:
            flow.metadata[COUNTED] = True
