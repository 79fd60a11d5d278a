"""`headroom agents`: which agents can be wrapped, and which are installed."""

from __future__ import annotations

from typing import Annotated

import typer


def agents(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """List the agents that `headroom wrap` knows."""
    import json
    import shutil

    from headroom_wrap import config, profiles

    own = config.load().paths.config
    found = [profiles.load(name, own) for name in profiles.names(own)]
    rows = [
        {
            "name": profile.name,
            "title": profile.title,
            "installed": shutil.which(profile.command),
            "install": profile.install,
            "hosts": list(profile.hosts),
            "profile": str(profile.source),
        }
        for profile in found
    ]
    if as_json:
        print(json.dumps(rows, indent=2))
        return 0
    for row in rows:
        where = row["installed"] or f"not installed ({row['install']})"
        print(f"{row['name']:<10}{row['title']:<20}{where}")
    return 0
