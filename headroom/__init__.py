"""The public face: `from headroom import compress`.

Names are loaded when they are first used, so that importing this costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headroom_wrap.errors import HeadroomError
    from headroom_wrap.library.calls import (
        acompress,
        compress,
        compress_result,
        compress_text,
        retrieve,
        simulate,
        stats,
    )
    from headroom_wrap.library.clients import wrap_client
    from headroom_wrap.library.documents import compress_documents
    from headroom_wrap.library.result import CompressResult, TextResult
    from headroom_wrap.types import Level

__all__ = [
    "CompressResult",
    "HeadroomError",
    "Level",
    "TextResult",
    "acompress",
    "compress",
    "compress_documents",
    "compress_result",
    "compress_text",
    "retrieve",
    "simulate",
    "stats",
    "wrap_client",
]

_HOMES = {
    "CompressResult": "library.result",
    "HeadroomError": "errors",
    "Level": "types",
    "TextResult": "library.result",
    "compress_documents": "library.documents",
    "wrap_client": "library.clients",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'headroom' has no attribute {name!r}")
    home = _HOMES.get(name, "library.calls")
    found = getattr(importlib.import_module(f"headroom_wrap.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
