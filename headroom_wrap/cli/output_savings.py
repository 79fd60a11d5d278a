"""`headroom output-savings`: what shaping the output saves, with its uncertainty."""

from __future__ import annotations

from typing import Annotated

import typer


def output_savings(
    since: Annotated[
        str, typer.Option(help="From when on: 7d, 12h, today, 2026-11-30 or all.")
    ] = "30d",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Compare conversations with --shape-output to those held out (HEADROOM_OUTPUT_HOLDOUT=0.1).

    Examples: headroom output-savings; headroom output-savings --since all --json
    """
    import json
    import time

    from headroom_wrap import config, ledger, prices
    from headroom_wrap.report import period
    from headroom_wrap.report.output import read, words
    from headroom_wrap.store import existing

    paths = config.load().paths
    prices.extend(paths.prices)
    span = period.parse(since, time.time())
    store = existing(paths.store)
    try:
        comparison = read.compared(ledger.rows(store, span.since) if store else ())
    finally:
        if store:
            store.close()
    found = read.found(comparison)
    if as_json:
        print(json.dumps(words.as_json(comparison, found, span), indent=2))
        return 0
    from rich.console import Console

    from headroom_wrap.report.output import text

    text.show(comparison, found, span, Console(highlight=False))
    return 0
