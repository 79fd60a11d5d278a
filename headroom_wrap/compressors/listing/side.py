"""Names that stand below each other, side by side: lines of single words filled to a width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_WIDTH = 100
_LITERAL = "\\"
_APART = ("/", ":")
# With one of these before a word, a line is a sentence and no row of names.
_SENTENCE = re.compile(r"(?:^| )[(\"<\[\\]|  |[ /:]$|^[MTADRCU?!]{1,2} ")
# git's states of a file.
_STATE = re.compile(r"[MTADRCU?!]{1,2}")


def write(lines: Sequence[str], least: int = 1) -> list[str]:
    """The lines with neighbours of one word and one indentation joined.

    Lines with less than `least` blanks before them are left as they are.
    """
    return list(_filled(lines, least))


def restore(lines: Sequence[str], least: int = 1) -> list[str]:
    found: list[str] = []
    for line in lines:
        margin = line[: _depth(line)]
        if line.startswith(_LITERAL):
            found.append(line[1:])
        elif len(margin) < least or _SENTENCE.search(line[len(margin) :]):
            found.append(line)
        else:
            found += [margin + word for word in line[len(margin) :].split(" ")]
    return found


def _filled(lines: Sequence[str], least: int) -> Iterator[str]:
    row, margin = "", -1
    for i, line in enumerate(lines):
        depth = _depth(line)
        body = line[depth:]
        own = depth < least or not body or " " in body or _SENTENCE.match(body) is not None
        alone = (
            own
            or body.endswith(_APART)
            or _STATE.fullmatch(body) is not None
            or (i + 1 < len(lines) and _depth(lines[i + 1]) > depth)
        )
        if margin == depth and not alone and len(row) + len(body) < _WIDTH:
            row += f" {body}"
            continue
        if margin >= 0:
            yield row
        row, margin = line, -1 if alone else depth
        if alone:
            yield _LITERAL + line if own and _is_mistakable(line, depth, least) else line
    if margin >= 0:
        yield row


def _is_mistakable(line: str, depth: int, least: int) -> bool:
    if line.startswith(_LITERAL):
        return True
    body = line[depth:]
    return depth >= least and " " in body and not _SENTENCE.search(body)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
