"""`--shape-output`, which takes its level behind an equals sign only, or none at all."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

HELP = "Ask for shorter answers: brief unless told, or effort."
_OPTION = "--shape-output"


class ShapingCommand(TyperCommand):
    """A command with that option. Else `--shape-output claude` would take the agent for a level."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        own = [f"{_OPTION}=brief" if each == _OPTION else each for each in args[:end]]
        return super().parse_args(ctx, own + args[end:])
