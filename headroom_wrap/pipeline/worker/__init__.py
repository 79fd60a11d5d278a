"""Judging in processes of its own: there it holds up no stream, and what hangs or crashes in a
library ends one of them, not the agent's connection."""

from __future__ import annotations

from headroom_wrap.pipeline.worker.pool import Pool

__all__ = ["Pool"]
