"""Commands for people to read, without the secrets in them."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping

from headroom_wrap.launch.plan import Command

_SECRET = re.compile(r"key|token|secret|password|auth", re.IGNORECASE)
_KEY = re.compile(r"\b(?:sk|pk|gh[a-z]|github_pat|xox[a-z]|AIza)[-_A-Za-z0-9]{6,}")
_MASK = "…"


def command(found: Command) -> None:
    """Print the variables of ours, the names of the others, and the command line."""
    for name in found.added:
        print(f"{name}={shlex.quote(found.environment[name])}")
    others = sorted(set(found.environment) - set(found.added))
    for name in others:
        print(f"{name}={_MASK}")
    print(shlex.join(masked(found.argv)))


def beside(environ: Mapping[str, str]) -> None:
    """Open the dashboard beside what comes; without it, all goes on."""
    from headroom_wrap.launch import pane

    problem = pane.dashboard(environ)
    if problem:
        print(f"headroom: no dashboard: {problem}", file=sys.stderr)


def masked(argv: tuple[str, ...]) -> list[str]:
    """The arguments with what looks like a secret left out."""
    shown: list[str] = []
    for before, argument in zip(("", *argv), argv, strict=False):
        option, equals, _ = argument.partition("=")
        if before.startswith("-") and "=" not in before and _SECRET.search(before):
            shown.append(_MASK)
        elif equals and option.startswith("-") and _SECRET.search(option):
            shown.append(f"{option}={_MASK}")
        else:
            shown.append(_KEY.sub(_MASK, argument))
    return shown
