"""JSON told as a table that a person would write, with its decoder; rows chosen above `exact`."""

from __future__ import annotations

import re

from headroom_wrap.compressors.jsontable import source
from headroom_wrap.compressors.jsontable.read import Reader
from headroom_wrap.compressors.jsontable.write import Layout, View, write
from headroom_wrap.types import Ask, Origin, Squeezed

NAME = "jsontable"

_START = re.compile(r'\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\d\]-]|true|false|null))')
_NOTATION = (
    ("<*>", "<*> = the cell"),
    ("<", "<name> = that column's value"),
    ("..", "<a..b> = counts up by row"),
    ("^", "^ = as above"),
    ("*", "* = row in full"),
)


def score(text: str, origin: Origin) -> float:
    """Ours is what begins and ends like JSON."""
    end = text.rstrip()[-1:] if len(text) < 1_000 else text[-200:].rstrip()[-1:]
    return 0.9 if _START.match(text) and end in ("}", "]") else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The document as members and tables."""
    found = source.load(text)
    if found is None:
        return None
    try:
        lines = write(found.value, Layout(lambda path: False, lambda table: View()))
    except RecursionError:
        return None
    told = "\n".join([f"json {found.style}", *lines])
    return Squeezed(source.unshield(told) + found.end, NAME, exact=True)


def expand(text: str) -> str:
    """The JSON text that `squeeze` told; ValueError when the text is none of ours."""
    end = "\n" if text.endswith("\n") else ""
    head, *lines = source.shield(text.removesuffix("\n")).split("\n")
    style = head.removeprefix("json ")
    return source.dump(Reader(lines).document(), style) + end
