"""Golden cases: real or self-made tool outputs, and what each compressor makes of them.

`golden/NAME/` belongs to the compressor NAME. One case is a few files beside each other:

    CASE.in           the text as the tool printed it (UTF-8, line ends kept)
    CASE.toml         origin and question; all keys optional but `source` and `licence`:
                          tool = "Bash"
                          command = "kubectl get pods -o json"
                          path = ""
                          question = "Which pod restarts?"
                          shown = ["a needle that every result must hold", ...]
                          source = "where the text is from, or: made by hand"
                          licence = "MIT"
    CASE.exact.out    what `squeeze` gives at a level: one file per level that is pinned,
    CASE.safe.out     empty when the compressor must leave the text alone
    CASE.lean.out

A new case needs .in and .toml; `scripts/update-cases [NAME [CASE]]` writes its .out files (exact
and safe, or those that exist already), to be read as a diff before they are committed. To pin
`lean` too, create an empty CASE.lean.out first.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_wrap.types import Ask, Level, Origin

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Case:
    """One input with what is known about it."""

    path: Path
    about: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.compressor}/{self.path.stem}"

    @property
    def compressor(self) -> str:
        return self.path.parent.name

    @property
    def text(self) -> str:
        return read(self.path)

    @property
    def origin(self) -> Origin:
        return Origin(*(self.about.get(key, "") for key in ("tool", "command", "path")))

    @property
    def shown(self) -> list[str]:
        return list(self.about.get("shown", []))

    def ask(self, level: Level) -> Ask:
        return Ask(level, self.about.get("question", ""))

    def out(self, level: Level) -> Path:
        return self.path.with_suffix(f".{level.value}.out")


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogatepass")


def cases(compressor: str = "*") -> list[Case]:
    """All golden cases, or those of one compressor."""
    return [
        Case(path, tomllib.loads(path.with_suffix(".toml").read_text("utf-8")))
        for path in sorted(GOLDEN.glob(f"{compressor}/*.in"))
    ]
