"""The one line that names the original behind a shortened text."""

from __future__ import annotations

import re

from headroom_wrap.types import Origin, Squeezed

_SHORTEST = 8
_CALL = 80
# Only a candidate: a marker counts when the store holds the original it names.
_MARKER = re.compile(r"^\[headroom(?: (?P<hash>[0-9a-f]{8,32}))?(?:: (?P<words>[^\n]*))?\]$", re.M)
_PATH_HASH = re.compile(r"original: \S*?([0-9a-f]{8,32})$")


def line(squeezed: Squeezed, original: str, name: str, path: str = "") -> str:
    """The marker for a result; `name` is the original's hash, `path` its spill file if any.

    `[headroom: 412 of 430 lines folded; original: /tmp/hr0/3fa9/9f3a1c2b]`, or without a file
    `[headroom 9f3a1c2b: 412 of 430 lines folded]`. A spill file is named by the hash.
    """
    words = []
    if squeezed.omitted:
        total = max(_lines(original), squeezed.omitted)
        words.append(f"{squeezed.omitted} of {total} lines folded")
    if path:
        words.append(f"original: {path}")
    head = "headroom" if path else f"headroom {name[:_SHORTEST]}"
    return f"[{': '.join([head, '; '.join(words)]) if words else head}]"


def add(squeezed: Squeezed, original: str, name: str, path: str = "") -> str:
    """The text as it is sent: the marker stands last, on a line of its own."""
    joint = "" if squeezed.text.endswith("\n") else "\n"
    return f"{squeezed.text}{joint}{line(squeezed, original, name, path)}"


def stub(original: str, origin: Origin, name: str, path: str = "") -> str:
    """The line that is left of an old result: what it was, and where it is.

    `[headroom: old result of `pytest -q` (412 lines) taken out; original: /tmp/hr0/3fa9/9f3a1c2b]`
    """
    count = _lines(original)
    call = " ".join((origin.command or f"{origin.tool} {origin.path}").split())
    call = call if len(call) <= _CALL else f"{call[: _CALL - 1]}…"
    what = f"old result of `{call}` ({count} lines) taken out"
    advice = "; read the file again before editing" if origin.path else ""
    where = f"; original: {path}" if path else ""
    head = "headroom" if path else f"headroom {name[:_SHORTEST]}"
    return f"[{head}: {what}{advice}{where}]"


def _lines(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n"))


def hashes(text: str) -> list[str]:
    """The hashes, or their first digits, in lines of `text` that look like markers, in order.

    A tool may print such a line: only one whose original the store holds is a marker of ours.
    """
    found = []
    for match in _MARKER.finditer(text):
        in_path = _PATH_HASH.search(match["words"] or "")
        name = match["hash"] or (in_path and in_path[1])
        if name:
            found.append(name)
    return found
