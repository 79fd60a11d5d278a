"""`headroom doctor`: is everything as it should be?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from headroom_wrap.doctor import Finding


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Check this installation, with a proxy and a model on loopback; exit 1 when it is broken.

    Examples: headroom doctor; headroom doctor --json
    """
    import json
    from dataclasses import asdict

    from headroom_wrap import config
    from headroom_wrap.doctor import State, findings

    found: list[Finding] = []
    for finding in findings(config.load()):
        found.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
    return int(any(finding.state is State.BROKEN for finding in found))


def _show(finding: Finding) -> None:
    from rich.console import Console
    from rich.text import Text

    colour = {"fine": "green", "odd": "yellow", "broken": "red"}[finding.state.value]
    console = Console(highlight=False)
    line = Text.assemble((finding.state.sign, colour), f" {finding.what:<18}{finding.words}")
    console.print(line, soft_wrap=True)
    if finding.next:
        console.print(Text(f"  {'':<18}→ {finding.next}", "dim"), soft_wrap=True)
