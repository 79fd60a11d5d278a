"""`headroom clear`: remove stored originals."""

from __future__ import annotations

from typing import Annotated

import typer


def clear(
    older: Annotated[
        str, typer.Option(help="Those not used for so long: 7d, 12h. 30d unless told.")
    ] = "30d",
    everything: Annotated[
        bool, typer.Option("--all", help="All of them, and the ledger too.")
    ] = False,
    tenant: Annotated[
        str, typer.Option(metavar="NAME", help="Everything of one user of a proxy, for good.")
    ] = "",
) -> int:
    """Remove stored originals; those that a running session names always stay.

    Examples: headroom clear --older 7d; headroom clear --all; headroom clear --tenant 9f86d081
    """
    import sys
    import time

    from headroom_wrap import config, rebuild, retention, secret, spill
    from headroom_wrap.report import period
    from headroom_wrap.store import Store

    settings = config.load()
    if tenant:
        from headroom_wrap.team import clear as of_tenant

        print(f"{of_tenant.everything(settings, tenant)} rows removed")
        return 0
    paths = settings.paths
    age = 0.0 if everything else period.age(older)
    cipher = secret.cipher(settings.encrypt, config.environment())
    store = Store(paths.store, cipher=cipher)
    try:
        live = spill.live_since(paths.originals)
        gone = retention.prune(store, time.time() + 1 - age, live)
        if everything and not live:
            store.empty()
            (paths.store / rebuild.KEPT).unlink(missing_ok=True)
    finally:
        store.close()
    print(f"{gone} originals removed")
    if everything and live:
        print(
            "headroom: sessions are running: their originals and the ledger stay", file=sys.stderr
        )
    return 0
