"""Names that stand below each other, side by side: lines of single words filled to a width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_WIDTH = 100
_LITERAL = "\\"
_APART = ("/", ":")


def write(lines: Sequence[str]) -> list[str]:
    """The lines with neighbours of one word and one indentation joined."""
    return list(_filled(lines))


def restore(lines: Sequence[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line.startswith(_LITERAL):
            found.append(line[1:])
            continue
        body = line.lstrip(" ")
        margin = line[: len(line) - len(body)]
        found += [margin + word for word in body.split(" ")]
    return found


def _filled(lines: Sequence[str]) -> Iterator[str]:
    row, margin = "", -1
    for i, line in enumerate(lines):
        body = line.lstrip(" ")
        depth = len(line) - len(body)
        if not body or " " in body or body.startswith((_LITERAL, "[")):
            if margin >= 0:
                yield row
            margin = -1
            # A bracket opens a note, which `restore` must not take apart.
            yield _LITERAL + line if " " in body or line.startswith(_LITERAL) else line
            continue
        parent = body.endswith(_APART) or _depth(lines, i + 1) > depth
        if margin == depth and not parent and len(row) + len(body) < _WIDTH:
            row += f" {body}"
            continue
        if margin >= 0:
            yield row
        row, margin = line, depth
        if parent:
            yield row
            margin = -1
    if margin >= 0:
        yield row


def _depth(lines: Sequence[str], i: int) -> int:
    return len(lines[i]) - len(lines[i].lstrip(" ")) if i < len(lines) else 0
