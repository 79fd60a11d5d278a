"""An agent that does not accept our certificates mostly says nothing: we say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from headroom_wrap.proxy.plan import Plan

if TYPE_CHECKING:
    from mitmproxy.tls import TlsData

# One aborted handshake may be a race between two connections, or the agent's end.
_ENOUGH = 2


class Distrust:
    """Speaks up once, when handshakes with a decrypted host fail and none has succeeded."""

    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._say = say
        self._failed: Counter[str] = Counter()
        self._quiet = False

    def tls_established_client(self, data: TlsData) -> None:
        self._quiet = True

    def tls_failed_client(self, data: TlsData) -> None:
        host = data.conn.sni or (data.context.server.address or ("",))[0]
        if self._quiet or not self._plan.decrypts(host):
            return
        self._failed[host] += 1
        if self._failed[host] >= _ENOUGH:
            self._quiet = True
            self._say(f"the agent does not accept our certificate for {host} ({data.conn.error})")
