"""Fewer tokens in what models answer, by asking for it: opt-in, fixed for a conversation."""

from __future__ import annotations

from headroom_wrap.shaper.shaper import Asked, Memory, Shape, Shaper

__all__ = ["Asked", "Memory", "Shape", "Shaper"]
