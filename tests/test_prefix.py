"""The hash chain: it breaks when forwarded bytes change, and only then."""

from __future__ import annotations

from headroom_wrap import prefix
from headroom_wrap.types import Block, Origin, Turn


def conversation(*messages: bytes) -> tuple[bytes, Turn]:
    body, spans = b"[", []
    for message in messages:
        spans.append((len(body), len(body) + len(message)))
        body += message + b","
    return body, Turn("m", (), messages=tuple(spans))


def block(body: bytes, text: str) -> Block:
    start = body.index(b'"' + text.encode() + b'"')
    return Block((start, start + len(text) + 2), text, Origin(), "c")


FIRST = conversation(b'{"q":"hi"}', b'{"r":"long"}')
SECOND = conversation(b'{"q":"hi"}', b'{"r":"long"}', b'{"q":"more"}')


def test_a_longer_conversation_extends_the_chain():
    known = prefix.chain(*FIRST, {block(FIRST[0], "long"): "l"})
    links = prefix.chain(*SECOND, {block(SECOND[0], "long"): "l"})
    assert len(links) == 3
    assert list(links)[:2] == list(known)
    assert prefix.broken(links, known) == 0


def test_another_text_for_the_same_block_breaks_all_behind_it():
    known = prefix.chain(*SECOND, {block(SECOND[0], "long"): "l"})
    for texts in ({}, {block(SECOND[0], "long"): "other"}):
        assert prefix.broken(prefix.chain(*SECOND, texts), known) == 2


def test_the_clients_own_change_is_no_break():
    known = prefix.chain(*FIRST, {block(FIRST[0], "long"): "l"})
    other = conversation(b'{"q":"hello"}', b'{"r":"long"}')
    assert prefix.broken(prefix.chain(*other, {}), known) == 0


def test_a_moved_cache_marker_is_no_change():
    marked = conversation(
        b'{"q":"hi","cache_control":{"type":"ephemeral","ttl":"1h"}}', b'{"r":"long"}'
    )
    assert prefix.chain(*marked, {}) == prefix.chain(*FIRST, {})


def test_the_root_is_the_first_link():
    assert prefix.root(*SECOND) == next(iter(prefix.chain(*FIRST, {})))
    assert prefix.root(*conversation()) == b""


def test_only_what_stands_in_a_message_belongs_to_it():
    # A block between the messages, as no wire yields, is nobody's.
    body, turn = SECOND
    stray = Block((0, 1), "[", Origin(), "c")
    edits = {block(body, "long"): "l", block(body, "more"): "m"}
    plain = prefix.chain(body, turn, edits)
    assert prefix.chain(body, turn, {stray: "x", **edits}) == plain
    assert next(iter(prefix.chain(body, turn, {}).values())) == next(iter(plain.values()))
