"""`git log --graph` of a history without branches: the line down the left side is left out."""

from __future__ import annotations

from headroom_wrap.compressors.gitlog import records

_MARK = "[git log --graph: one line of history, not drawn]"
_COMMIT = "commit "


def write(text: str) -> str | None:
    """The log without its graph, or None where there are branches."""
    body = text.rstrip("\n")
    lines = [line[2:] for line in body.split("\n")]
    flat = "\n".join(lines)
    if not text.startswith("* ") or _drawn(flat) != body:
        return None
    return f"{_MARK}\n{records.write(flat)}{text[len(body) :]}"


def is_written(text: str) -> bool:
    return text.startswith(_MARK)


def restore(text: str) -> str:
    body = text.rstrip("\n")
    return _drawn(records.restore(body[len(_MARK) + 1 :])) + text[len(body) :]


def _drawn(flat: str) -> str:
    lines = flat.split("\n")
    commits = [i for i, line in enumerate(lines) if line.startswith(_COMMIT)]
    last = commits[-1] if commits else 0
    sides = ("  " if i > last else "| " for i in range(len(lines)))
    drawn = [side + line for side, line in zip(sides, lines, strict=True)]
    for i in commits:
        drawn[i] = f"* {lines[i]}"
    return "\n".join(drawn)
