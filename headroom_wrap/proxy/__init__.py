"""The embedded proxy: the only package that imports mitmproxy, and only when it starts."""

from __future__ import annotations

from headroom_wrap.proxy.plan import Plan

__all__ = ["Plan"]
