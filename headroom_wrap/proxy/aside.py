"""Connections to other hosts are passed on unread, whatever name is said inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_wrap.proxy.plan import Plan

if TYPE_CHECKING:
    from mitmproxy.proxy.layer import NextLayer


class Aside:
    """Only where a connection leads counts. mitmproxy's own list also takes the name in a TLS
    greeting or a Host header: with one of ours in it, an address next door would be decrypted."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def next_layer(self, nextlayer: NextLayer) -> None:
        from mitmproxy.proxy.layers import TCPLayer

        context = nextlayer.context
        if context.server.address and not self._plan.decrypts(context.server.address[0]):
            nextlayer.layer = TCPLayer(context, ignore=True)
