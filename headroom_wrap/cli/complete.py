"""Names for shell completion."""

from __future__ import annotations


def agent_names(incomplete: str) -> list[str]:
    """Agents whose name begins so."""
    from headroom_wrap import config, profiles

    names = profiles.names(config.load().paths.config)
    return [name for name in names if name.startswith(incomplete)]
