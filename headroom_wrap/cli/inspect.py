"""`headroom inspect`: what was done to one request or session, in words and as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from headroom_wrap.report.account import Account


def inspect(
    session: Annotated[str, typer.Option(help="Which session; the last one unless told.")] = "",
    request: Annotated[
        str, typer.Option(metavar="last|N", help="Only this request, counted from 1.")
    ] = "",
    block: Annotated[str, typer.Option(metavar="HASH", help="Only this result.")] = "",
    diff: Annotated[
        bool | None,
        typer.Option(
            "--diff/--no-diff", help="Show what was left out; of one request it is shown."
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Do not fold long diffs.")] = False,
    redact: Annotated[
        bool, typer.Option("--redact", help="Leave out texts, commands and paths, for a report.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Show for each tool result what was decided, why, and what was sent instead.

    Examples: headroom inspect --request last; headroom inspect --session 4f2a --redact
    """
    import json

    from headroom_wrap import config, secret
    from headroom_wrap.report import account
    from headroom_wrap.store import existing

    settings = config.load()
    cipher = secret.cipher(settings.encrypt, config.environment())
    store = existing(settings.paths.store, cipher)
    if store is None:
        raise account.none_yet()
    compared = bool(request or block or full) if diff is None else diff
    try:
        wanted = account.Wanted(session, request, block.lower())
        found = account.read(store, wanted, compared, redact)
    finally:
        store.close()
    if as_json:
        print(json.dumps(account.as_json(found), indent=2, ensure_ascii=False))
    else:
        _print(found, full)
    return 0


def _print(found: Account, full: bool) -> None:
    from rich.console import Console

    from headroom_wrap.report import story

    console = Console(highlight=False, emoji=False, markup=False)
    for line in story.lines(found, full):
        console.print(line, soft_wrap=True)
