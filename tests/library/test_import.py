"""Importing the library loads nothing heavy, and offers what it says."""

from __future__ import annotations

import subprocess
import sys

import headroom

_HEAVY = "mitmproxy rich typer aiohttp tiktoken lmdb numpy asyncio".split()


def test_nothing_heavy_is_loaded() -> None:
    code = f"import sys, headroom; print(*[n for n in {_HEAVY!r} if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_compressing_loads_neither_the_proxy_nor_the_views() -> None:
    code = (
        "import sys, headroom; headroom.simulate([{'role': 'user', 'content': 'x'}]);"
        "print(*[n for n in ('mitmproxy', 'rich', 'typer', 'aiohttp') if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_the_names_are_sorted_and_there() -> None:
    assert headroom.__all__ == sorted(headroom.__all__)
    assert all(getattr(headroom, name) is not None for name in headroom.__all__)
    assert set(headroom.__all__) <= set(dir(headroom))
