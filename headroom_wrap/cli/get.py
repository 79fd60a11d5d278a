"""`headroom get HASH`: print an original, or just the part that is needed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def get(
    name: Annotated[str, typer.Argument(metavar="HASH", help="The hash in the marker.")],
    lines: Annotated[str, typer.Option(help="Lines, from 1: 5, 5-9 or 5-.")] = "",
    grep: Annotated[str, typer.Option(help="Only lines that match this expression.")] = "",
    context: Annotated[
        int, typer.Option("--context", "-C", min=0, help="Lines around each match.")
    ] = 0,
    rows: Annotated[str, typer.Option(help="Elements of a JSON array, or rows of a table.")] = "",
    jq: Annotated[str, typer.Option(help="A jq expression over a JSON original.")] = "",
    anywhere: Annotated[
        bool, typer.Option("--anywhere", help="Also originals of other projects.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Print the original behind a `[headroom HASH: …]` marker, or a part of it.

    Examples: headroom get 9f3a1c2b --grep ERROR -C 2; headroom get 9f3a1c2b --lines 120-180
    """
    import json

    from headroom_wrap import config, originals, paths, secret
    from headroom_wrap.retrieve import Part, part
    from headroom_wrap.store import existing

    settings = config.load()
    cipher = secret.cipher(settings.encrypt, config.environment())
    store = existing(settings.paths.store, cipher)
    if store is None:
        originals.unknown(name)
    try:
        found = originals.find(store, name, None if anywhere else paths.here())
    finally:
        store.close()
    text = part(found.text, Part(lines, grep, context, rows, jq))
    if as_json:
        origin = found.origin
        facts = {"hash": found.hash, "tool": origin.tool, "command": origin.command}
        facts |= {"path": origin.path, "project": found.project, "text": text}
        print(json.dumps(facts, indent=2))
        return 0
    if found.text and not text:
        print("headroom: no line of it is that", file=sys.stderr)
    # Bytes: an original may hold what no terminal encoding knows, and no line end is ours.
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.flush()
    return 0
