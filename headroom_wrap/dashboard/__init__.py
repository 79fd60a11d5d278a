"""The live view of the ledger: a frozen snapshot, pure views of it, and a loop around both."""

from headroom_wrap.dashboard.app import live, once

__all__ = ["live", "once"]
