"""Puts new texts into a body at the offsets where the old ones stand; no other byte changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from json.encoder import encode_basestring, encode_basestring_ascii

from headroom_wrap.types import Block
from headroom_wrap.wire.spans import Span, value

_ESCAPED_LETTER = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-fA-F]{4}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def splice(body: bytes, edits: Iterable[tuple[Block, str]]) -> bytes:
    """The body with each block's text replaced by the new one."""
    pieces: list[bytes] = []
    done = 0
    for block, text in sorted(edits, key=lambda edit: edit[0].span):
        start, end = block.span
        pieces += [body[done:start], escaped(text, body[start:end], block.quoted)]
        done = end
    pieces.append(body[done:])
    return b"".join(pieces)


def bodied(body: bytes, edits: Iterable[tuple[Span, bytes]]) -> bytes:
    """The body with each span replaced; no other byte changes."""
    pieces: list[bytes] = []
    done = 0
    for (start, end), new in sorted(edits, key=lambda edit: edit[0]):
        pieces += [body[done:start], new]
        done = end
    return b"".join([*pieces, body[done:]])


def escaped(text: str, old: bytes, quoted: bool = False) -> bytes:
    """The inside of a JSON string that says `text`, letters spelled the way `old` spells them.

    `quoted`: the string stands in a JSON text that is itself inside a string.
    """
    # Only the old text itself may decide: what else is in the body differs from turn to turn.
    for spelled in (_opened(old), old) if quoted else (old,):
        letters = b"\\u" in spelled and spelled.isascii() and _spells_letters(spelled)
        text = encode_basestring_ascii(text) if letters else encode_basestring(text)
        text = text[1:-1]
        if not text.isascii():
            text = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text.encode()


def _spells_letters(raw: bytes) -> bool:
    return _ESCAPED_LETTER.search(raw) is not None


def _opened(old: bytes) -> bytes:
    """The inner of two spellings."""
    found = value(b'"%b"' % old)
    return found.encode("utf-8", "surrogatepass") if isinstance(found, str) else old
