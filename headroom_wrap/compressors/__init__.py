"""The compressors and the router that picks one: highest score first, the next where it gives up."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from headroom_wrap import tokens
from headroom_wrap.compressors._api import Compressor
from headroom_wrap.types import Ask, Origin, Squeezed

# Order breaks ties. One name = one module here + one folder in tests/compressors/golden/.
NAMES: tuple[str, ...] = ("prose",)

_MIN_SCORE = 0.3


def load(name: str) -> Compressor:
    """The compressor module called `name`."""
    return importlib.import_module(f"headroom_wrap.compressors.{name}")  # type: ignore[return-value]


def ranked(text: str, origin: Origin) -> Iterator[Compressor]:
    """The compressors that claim the text, surest first."""
    modules = [load(name) for name in NAMES]
    scored = [(module.score(text, origin), -i, module) for i, module in enumerate(modules)]
    for value, _, module in sorted(scored, key=lambda row: row[:2], reverse=True):
        if value >= _MIN_SCORE:
            yield module


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The shortest honest form of `text`, or None: then the text stays as it is."""
    before = tokens.count(text)
    for module in ranked(text, origin):
        result = module.squeeze(text, origin, ask)
        if result is None or (result.exact and module.expand(result.text) != text):  # type: ignore[attr-defined]
            continue
        if tokens.count(result.text) < before:
            return result
    return None
