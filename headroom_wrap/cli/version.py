"""`headroom version`."""

from __future__ import annotations


def version() -> int:
    """Print the version."""
    from headroom_wrap import __version__

    print(__version__)
    return 0
