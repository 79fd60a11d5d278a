"""What of a source file is body, data or long comment: line ranges that an outline leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headroom_wrap.compressors.code.languages import Language

if TYPE_CHECKING:
    from tree_sitter import Node

_LEAST_BODY = 3
_LEAST_DATA = 12
_DATA_SHOWN = 3
_LEAST_COMMENT = 8
_COMMENT_SHOWN = 4
_LEAST_DOCS = 5
# A body that is mostly other bodies is a frame: what is in it is outlined.
_FRAME = 0.5
_DEEPEST = 8
_NAMES = frozenset(
    "identifier property_identifier field_identifier type_identifier constant name word "
    "private_property_identifier destructor_name operator_name".split()
)
_OWNERS = ("class", "struct", "interface", "trait", "impl", "module", "enum", "object")


@dataclass(frozen=True, slots=True)
class Body:
    """Lines [start, end) that may be left out; `names` are what calls them, innermost last."""

    start: int
    end: int
    names: tuple[str, ...] = ()
    owned: int = 0
    """How many lines the innermost class has that the body stands in."""


def bodies(root: Node, language: Language) -> Iterator[Body]:
    """The bodies in order; none stands in another."""
    ahead: list[tuple[Node, tuple[str, ...], int]] = [(root, (), 0)]
    while ahead:
        node, names, owned = ahead.pop()
        if _rows(node) < _LEAST_BODY:
            continue
        kind = node.type
        if "comment" in kind and not node.named_children:
            yield from _comment(node)
            continue
        body = _body(node) if kind in language.callables else None
        if body is not None:
            names = (*names, _name(node))
            found = list(_hidden(node, body, names, owned))
            if found and (len(names) > _DEEPEST or not _is_frame(body, found[-1], language)):
                yield from found
                continue
        elif kind in language.data and _rows(node) > _LEAST_DATA:
            start, end = node.start_point.row, node.end_point.row
            if not any(bodies_in(node, language)):
                yield Body(start + _DATA_SHOWN, end, names, owned)
                continue
        elif kind.startswith(_OWNERS) and (name := _name(node)):
            names, owned = (*names, name), _rows(node)
        ahead.extend((child, names, owned) for child in reversed(node.children))


def bodies_in(node: Node, language: Language) -> Iterator[Node]:
    """The bodies of all callables below a node, outermost first."""
    ahead = list(node.children)
    while ahead:
        here = ahead.pop()
        if _rows(here) < _LEAST_BODY:
            continue
        body = _body(here) if here.type in language.callables else None
        if body is not None and _rows(body) > _LEAST_BODY:
            yield body
        else:
            ahead.extend(here.children)


def _rows(node: Node) -> int:
    return node.end_point.row - node.start_point.row + 1


def _body(node: Node) -> Node | None:
    body = node.child_by_field_name("body")
    if body is None and node.type in ("static_initializer", "class_static_block"):
        body = node.named_children[-1] if node.named_children else None
    return body if body and (_is_braced(body) or _is_bare(body)) else None


def _is_braced(body: Node) -> bool:
    if not body.children or body.children[0].type not in ("{", "("):
        return False
    return not body.children[-1].is_missing


def _is_bare(body: Node) -> bool:
    """Whether it is lines without braces; where the grammar is lost they may end anywhere."""
    return body.type in ("block", "body_statement", "block_body") and not body.has_error


def _hidden(node: Node, body: Node, names: tuple[str, ...], owned: int) -> Iterator[Body]:
    """The lines of a body without its braces, its heading and the beginning of its docs."""
    braced = _is_braced(body)
    start = body.start_point.row + 1 if braced else body.start_point.row
    end = body.end_point.row + (0 if braced or not body.end_point.column else 1)
    if not braced and start == node.start_point.row:
        start += 1
    start = max(start, _docs(body))
    if end - start >= _LEAST_BODY:
        yield Body(start, end, names, owned)


def _docs(body: Node) -> int:
    """Where the rest of a body begins after its docs; of long ones the first paragraph is shown."""
    first = body.named_children[0] if body.type == "block" and body.named_children else None
    if first is None or first.type not in ("expression_statement", "string"):
        return 0
    text = first.named_children[0] if first.named_children else first
    if "string" not in (first.type, text.type):
        return 0
    if _rows(first) <= _LEAST_DOCS or not first.text:
        return first.end_point.row + 1
    lines = first.text.split(b"\n")
    blank = next((i for i, line in enumerate(lines) if i and not line.strip()), _LEAST_DOCS)
    return first.start_point.row + min(blank, _LEAST_DOCS)


def _comment(node: Node) -> Iterator[Body]:
    if _rows(node) > _LEAST_COMMENT:
        end = node.end_point.row
        yield Body(node.start_point.row + _COMMENT_SHOWN, end)


def _is_frame(body: Node, hidden: Body, language: Language) -> bool:
    inner = sum(_rows(one) for one in bodies_in(body, language))
    return inner > _FRAME * (hidden.end - hidden.start)


def _name(node: Node) -> str:
    """What a definition is called; of `handler = () => …` what it is given to."""
    found = node.child_by_field_name("name") or _declared(node)
    parent = node.parent
    if found is None and parent is not None:
        for field in ("name", "left", "key", "type"):
            found = found or parent.child_by_field_name(field)
    if found is None:
        return ""
    while found.type not in _NAMES and found.named_children:
        found = found.named_children[-1]
    return (found.text or b"").decode("utf-8", "replace")


def _declared(node: Node) -> Node | None:
    """The declarator of C: `int *(f)(void)` is called f."""
    found = node.child_by_field_name("declarator")
    while found is not None and (inner := found.child_by_field_name("declarator")) is not None:
        found = inner
    return found
