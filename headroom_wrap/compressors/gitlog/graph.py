"""`git log --graph` of a history without branches: the line down the left side is left out."""

from __future__ import annotations

from headroom_wrap.compressors.gitlog import records

_MARK = "[git log --graph: one line of history, not drawn]"
_CUT = "[git log --graph: one line of history that goes on, not drawn]"
_COMMIT = "commit "


def write(text: str) -> str | None:
    """The log without its graph, or None where there are branches."""
    body = text.rstrip("\n")
    lines = [line[2:] for line in body.split("\n")]
    flat = "\n".join(lines)
    # Empty lines at its end could not be told from those behind it.
    if not text.startswith("* ") or flat.endswith("\n"):
        return None
    mark = next((mark for mark in (_MARK, _CUT) if _drawn(flat, mark) == body), "")
    said = records.write(flat) if mark else None
    return said and f"{mark}\n{said}{text[len(body) :]}"


def is_written(text: str) -> bool:
    return text.startswith((_MARK, _CUT))


def restore(text: str) -> str:
    body = text.rstrip("\n")
    mark, _, said = body.partition("\n")
    return _drawn(records.restore(said), mark) + text[len(body) :]


def _drawn(flat: str, mark: str) -> str:
    """The log with its line; where it goes on that stands beside the last commit, too."""
    lines = flat.split("\n")
    commits = [i for i, line in enumerate(lines) if line.startswith(_COMMIT)]
    last = commits[-1] if commits and mark == _MARK else len(lines)
    sides = ("  " if i > last else "| " for i in range(len(lines)))
    drawn = [side + line for side, line in zip(sides, lines, strict=True)]
    for i in commits:
        drawn[i] = f"* {lines[i]}"
    return "\n".join(drawn)
