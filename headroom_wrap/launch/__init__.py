"""`headroom wrap`: an agent in the foreground, our proxy between it and its model."""

from __future__ import annotations

from headroom_wrap.launch.session import Order, dry_run, wrap

__all__ = ["Order", "dry_run", "wrap"]
