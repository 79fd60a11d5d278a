"""Puts new texts into a body at the offsets where the old ones stand; no other byte changes."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from json.encoder import encode_basestring, encode_basestring_ascii

from headroom_wrap.types import Block
from headroom_wrap.wire.spans import Span, value

_ESCAPED_LETTER = re.compile(rb"(\\+)u(?!00[0-7])[0-9a-fA-F]{4}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def splice(body: bytes, edits: Iterable[tuple[Block, str]]) -> bytes:
    """The body with each block's text replaced by the new one."""
    return put(body, [(block.span, spelled(body, block, text)) for block, text in edits])


def put(body: bytes, pieces: Iterable[tuple[Span, bytes]]) -> bytes:
    """The body with other bytes at these spans, which do not overlap; no other byte changes.

    Pieces for the same empty span are inserted in the order given.
    """
    whole: list[bytes] = []
    done = 0
    for (start, end), piece in sorted(pieces, key=operator.itemgetter(0)):
        whole += [body[done:start], piece]
        done = end
    whole.append(body[done:])
    return b"".join(whole)


def spelled(body: bytes, block: Block, text: str) -> bytes:
    """A text as it has to stand in the body in the place of a block's."""
    return escaped(text, body[slice(*block.span)], block.quoted)


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
    # Of an even number each is itself escaped. To look behind for them takes ten times as long.
    return any(len(found[1]) % 2 for found in _ESCAPED_LETTER.finditer(raw))


def _opened(old: bytes) -> bytes:
    """The inner of two spellings."""
    found = value(b'"%b"' % old)
    return found.encode("utf-8", "surrogatepass") if isinstance(found, str) else old
