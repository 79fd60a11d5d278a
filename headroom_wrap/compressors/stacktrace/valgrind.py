"""Valgrind's reports: the number of the process that stands before every line is said once."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"==\d+== ")
_MARK = re.compile(r'\[valgrind; "(==\d+== )" before each line\]')
_LITERAL = "\\"
_NOTE = re.compile(r"\s*\[… ")
_SAMPLE = 6_000
_MOSTLY = 0.8


def is_report(text: str) -> bool:
    """Whether most lines have the number of the process in front."""
    lines = text[:_SAMPLE].split("\n")[:-1]
    return sum(bool(_PREFIX.match(line)) for line in lines) > _MOSTLY * len(lines)


def write(text: str) -> str:
    """`text` without the prefix of its lines; those of the program itself have a mark instead.

    Notes in it stay as they are.
    """
    found = _PREFIX.match(text)
    if not found:
        return text
    body = text.removesuffix("\n")
    said = [_said(line, found.group()) for line in body.split("\n")]
    return "\n".join([f'[valgrind; "{found.group()}" before each line]', *said]) + text[len(body) :]


def restore(text: str) -> str:
    """What `write` was given."""
    head, _, rest = text.partition("\n")
    found = _MARK.fullmatch(head)
    if not found:
        return text
    body = rest.removesuffix("\n")
    return "\n".join(_told(line, found[1]) for line in body.split("\n")) + rest[len(body) :]


def _said(line: str, prefix: str) -> str:
    own = line.removeprefix(prefix)
    if own == line:
        return line if _NOTE.match(line) else _LITERAL + line
    return line if own.startswith((_LITERAL, prefix)) or _NOTE.match(own) else own


def _told(line: str, prefix: str) -> str:
    if line.startswith(_LITERAL):
        return line[1:]
    return line if line.startswith(prefix) or _NOTE.match(line) else prefix + line
