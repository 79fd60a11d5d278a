"""The snippets in docs/embedding.md, by language."""

from __future__ import annotations

import re
from pathlib import Path

_FILE = Path(__file__).parents[2] / "docs/embedding.md"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def snippets(language: str) -> list[str]:
    """Their texts, in order."""
    found = _FENCE.findall(_FILE.read_text("utf-8"))
    return [text for name, text in found if name == language]
