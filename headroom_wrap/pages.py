"""Reads an LMDB file page by page, whatever is wrong with it: LMDB itself would die of it.

The format is that of LMDB 0.9 on 64-bit little-endian machines: `MDB_page`, `MDB_meta` and
`MDB_node` in https://git.openldap.org/openldap/openldap/-/blob/mdb.master/libraries/liblmdb/mdb.c
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MAGIC = 0xBEEFC0DE
_BRANCH, _LEAF, _OVERFLOW, _META = 1, 2, 4, 8
_BIG, _TABLE = 1, 2
_HEAD = struct.Struct("<QHHHH")
_META_HEAD = struct.Struct("<IIQQ")
_META_END = struct.Struct("<QQ")
_META_BYTES = 136
_DB = struct.Struct("<IHHQQQQQ")
_NODE = struct.Struct("<HHHH")
_NONE = (1 << 64) - 1
_SIZES = (4096, 8192, 16384, 32768, 65536)


@dataclass(frozen=True, slots=True)
class Node:
    """An entry of a leaf page. `table` is the root page of a named table, where it is one."""

    key: bytes
    value: bytes
    table: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The number of a change, the roots of the free and the main tree, and the last page."""

    change: int
    free: int
    main: int
    last: int


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a file. Nothing that is read here raises."""

    data: mmap.mmap
    size: int

    def tables(self) -> dict[str, int]:
        """The root pages of the named tables, as the newest state that can be read has them."""
        for state in self._states():
            found = self._named(state.main)[0]
            if found:
                return found
        return {}

    def begun(self) -> bool:
        """Whether both first pages are there."""
        return len(self._states()) == 2

    def whole(self) -> bool:
        """Whether these are there, and all that the newest state says there is."""
        return self.begun() and (self._states()[0].last + 1) * self.size <= len(self.data)

    def state(self, change: int) -> State | None:
        """The state after a change; None where it is not one of the last two."""
        return next((state for state in self._states() if state.change == change), None)

    def sound(self, state: State) -> bool:
        """Whether every page of a state is what it must be."""
        tables, damaged = self._named(state.main)
        if damaged:
            return False
        for root in (state.free, *tables.values()):
            rows, damaged = self.rows(root)
            if any(damaged for _ in rows) or damaged:
                return False
        return True

    def _named(self, root: int) -> tuple[dict[str, int], list[int]]:
        rows, damaged = self.rows(root)
        found = {n.key.decode("utf-8", "replace"): n.table for n in rows if n.table is not None}
        return found, damaged

    def rows(self, root: int) -> tuple[Iterator[Node], list[int]]:
        """The entries below a page in no order; the list fills with the pages that are damaged."""
        damaged: list[int] = []
        return self._below(root, damaged), damaged

    def _below(self, root: int, damaged: list[int]) -> Iterator[Node]:
        waiting, seen = [root], set[int]()
        while waiting:
            number = waiting.pop()
            if number == _NONE or number in seen:
                continue
            seen.add(number)
            kind = self._kind(number)
            found = self._nodes(number) if kind in (_BRANCH, _LEAF) else None
            if found is None:
                damaged.append(number)
            elif kind == _BRANCH:
                waiting += [self._child(at) for at in found]
            else:
                for at in found:
                    node = self._node(at)
                    if node is None:
                        damaged.append(number)
                    else:
                        yield node

    @property
    def torn(self) -> bool:
        """Whether the newest state may be one that cannot be read any more."""
        states = self._states()
        return len(states) < 2 or not self._named(states[0].main)[0]

    def leaves(self) -> Iterator[Node]:
        """The entries of all leaf pages, those that are in no tree any more too."""
        for number in range(2, len(self.data) // self.size):
            if self._kind(number) == _LEAF:
                nodes = map(self._node, self._nodes(number) or ())
                yield from (node for node in nodes if node is not None and node.table is None)

    def _states(self) -> list[State]:
        """The two states of a file, the newest first; fewer where a first page is damaged."""
        found = []
        for number in (0, 1):
            start = number * self.size + _HEAD.size
            if self._kind(number) != _META or start + _META_BYTES > len(self.data):
                continue
            magic, *_ = _META_HEAD.unpack_from(self.data, start)
            if magic == _MAGIC:
                free, main = (
                    _DB.unpack_from(self.data, start + _META_HEAD.size + at)[-1]
                    for at in (0, _DB.size)
                )
                last, change = _META_END.unpack_from(self.data, start + _META_BYTES - 16)
                found.append(State(change, free, main, last))
        return sorted(found, key=lambda state: state.change, reverse=True)

    def _kind(self, number: int) -> int:
        """The kind of a page, 0 where its head is not that of this page."""
        start = number * self.size
        if start + self.size > len(self.data):
            return 0
        name, _, flags, _, _ = _HEAD.unpack_from(self.data, start)
        return flags & 0xF if name == number else 0

    def _nodes(self, number: int) -> list[int] | None:
        """Where the entries of a page stand in the file; None when that cannot be."""
        start = number * self.size
        _, _, _, lower, upper = _HEAD.unpack_from(self.data, start)
        if not _HEAD.size <= lower <= upper <= self.size or lower % 2:
            return None
        count = (lower - _HEAD.size) // 2
        places = struct.unpack_from(f"<{count}H", self.data, start + _HEAD.size)
        if any(not upper <= place <= self.size - _NODE.size for place in places):
            return None
        return [start + place for place in places]

    def _child(self, at: int) -> int:
        low, high, flags, _ = _NODE.unpack_from(self.data, at)
        return int(low | high << 16 | flags << 32)

    def _node(self, at: int) -> Node | None:
        low, high, flags, length = _NODE.unpack_from(self.data, at)
        size, start = low | high << 16, at + _NODE.size
        end = (at // self.size + 1) * self.size
        key, start = self.data[start : start + length], start + length
        if flags & _BIG:
            value = self._long(start, size) if start + 8 <= end else None
        else:
            value = self.data[start : start + size] if start + size <= end else None
        if value is None or not key:
            return None
        if flags & _TABLE:
            return Node(key, b"", _DB.unpack(value)[-1]) if size == _DB.size else None
        return Node(key, value)

    def _long(self, at: int, size: int) -> bytes | None:
        """A value on pages of its own."""
        (number,) = struct.unpack_from("<Q", self.data, at)
        start = number * self.size + _HEAD.size
        if self._kind(number) != _OVERFLOW or start + size > len(self.data):
            return None
        return self.data[start : start + size]


def opened(data: mmap.mmap) -> Pages:
    """The pages of a file that is mapped."""
    for size in _SIZES:
        for number in (0, 1):
            start = number * size + _HEAD.size
            if start + _META_BYTES > len(data):
                continue
            magic, *_ = _META_HEAD.unpack_from(data, start)
            if magic == _MAGIC and _DB.unpack_from(data, start + _META_HEAD.size)[0] == size:
                return Pages(data, size)
    return Pages(data, mmap.PAGESIZE)
