"""What `safe` and `lean` leave out of a document: rows like others, long texts, long lists.

The folded document is a value again, with a `Gap` where rows are left out and a counted note
inside what is cut short; so it is laid out, and checked, like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from headroom_wrap.compressors.jsontable import choose
from headroom_wrap.compressors.jsontable.columns import aligned, flatten
from headroom_wrap.compressors.jsontable.relevant import Relevance
from headroom_wrap.compressors.jsontable.source import Gap
from headroom_wrap.relevance import terms
from headroom_wrap.types import Ask, Level

LEAST_ROWS = 3
# Long arrays of things are folded; records of events already when they are shorter.
_FEWEST_FOLDED = 120
_FEWEST_EVENTS = 40
_FEWEST_LEAN = 20
_LEAST_CHARS = 6_000
_SHORTEST_GAIN = 0.2
# Rows in full: at most so many, and not more than this share of what the array says.
_MOST_FULL = 5
_FULL_SHARE = 0.1
_FULL_CHARS = 2_000
_BLOB = re.compile(r"[^\s<>]{600,}")
_CONTENT = frozenset("content contents source code text file_content".split())
_LONGEST_LIST = 40
# Of a text that is no row of an array only what is no text at all is cut.
_LONG = 1_000


@dataclass(slots=True)
class Folded:
    """A document with its gaps; rows are known by identity."""

    value: Any = None
    full: set[int] = field(default_factory=set)
    notes: dict[int, str] = field(default_factory=dict)
    """For arrays with gaps: what the rows that are left out have in common."""
    changed: bool = False
    reordered: bool = False


def fold(value: Any, ask: Ask, command: str) -> Folded:
    """The document as the level allows it; at `exact` only rows are singled out."""
    found = Folded()
    walk = _Walk(found, f"{ask.query}\n{command}", ask.level)
    found.value = walk.value(value)
    return found


class _Walk:
    def __init__(self, found: Folded, query: str, level: Level) -> None:
        self.found = found
        self.query = query
        self.level = level
        self.terms = terms(query)

    def value(self, value: Any) -> Any:
        kind = type(value)
        if kind is dict:
            rows = list(value.values())
            if len(rows) > LEAST_ROWS and all(type(row) is dict for row in rows):
                kept = self.rows(rows, list(value))
                if len(kept) == len(rows):
                    return dict(zip(value, kept, strict=True))
                return self._with_keys(list(value), kept)
            return {key: self.value(item) for key, item in value.items()}
        if kind is list:
            if len(value) >= LEAST_ROWS and {type(row) for row in value} <= {dict, list}:
                return self.rows(value, None)
            if len(value) > _LONGEST_LIST and self.level.folds:
                return self._shorter(value, 160)
            return [self.value(item) for item in value]
        return self._shorter(value, _LONG) if kind is str and self.level.folds else value

    def _with_keys(self, keys: list[str], kept: list[Any]) -> dict[str, Any]:
        """An object again; the notes get keys that no object has."""
        folded: dict[str, Any] = {}
        at = 0
        for row in kept:
            if type(row) is Gap:
                folded[f"\0{at}"] = row
                at += row.rows
            else:
                folded[keys[at]] = row
                at += 1
        if note := self.found.notes.pop(id(kept), ""):
            self.found.notes[id(folded)] = note
        return folded

    def rows(self, rows: list[Any], keys: list[str] | None) -> list[Any]:
        """The rows of an array that stay, those that were asked for untouched."""
        if self.level.folds:
            rows = self._aligned(rows)
        flats = flatten(rows) or []
        said = [flat for flat in flats if choose.varies(flat)]
        texts = choose.texts(said, rows, keys)
        relevance = Relevance(self.query, texts)
        size = sum(map(len, texts))
        self._single_out(rows, texts, relevance, size)
        if not self.level.folds:
            return rows
        kept: Sequence[int] = range(len(rows))
        fewest = _FEWEST_EVENTS if choose.are_events(said) else _FEWEST_FOLDED
        if self.level is Level.LEAN:
            fewest = _FEWEST_LEAN
        if flats and len(rows) >= fewest and size >= _LEAST_CHARS:
            chosen = choose.keep(said, rows, relevance, lean=self.level is Level.LEAN)
            if len(chosen) <= (1 - _SHORTEST_GAIN) * len(rows):
                kept = chosen
        most = 300 if relevance.rows else 600
        shown: list[Any] = []
        at = 0
        for i in (*kept, len(rows)):
            if i > at:
                shown.append(Gap.of(i - at))
            if i < len(rows):
                shown.append(rows[i] if i in relevance.rows else self._shorter(rows[i], most))
            at = i + 1
        if len(kept) < len(rows):
            self.found.changed = True
            left = sorted(set(range(len(rows))) - set(kept))
            self.found.notes[id(shown)] = choose.summary(said, left)
        return shown

    def _aligned(self, rows: list[Any]) -> list[Any]:
        found = aligned(rows)
        if any(a is not b for a, b in zip(found, rows, strict=True)):
            self.found.changed = self.found.reordered = True
        return found

    def _single_out(
        self, rows: list[Any], texts: list[str], relevance: Relevance, size: int
    ) -> None:
        """The rows that fit the request best are told in full, as far as that stays small."""
        left = max(_FULL_CHARS, _FULL_SHARE * size)
        for i in relevance.best(_MOST_FULL):
            left -= len(texts[i])
            if left < 0:
                break
            self.found.full.add(id(rows[i]))

    def _shorter(self, value: Any, most: int) -> Any:
        """The value with its long texts and lists cut, counted where they are cut."""
        kind = type(value)
        if kind is str:
            return self._cut(value, most) if len(value) > most else value
        if kind is dict:
            items = {
                key: item if _is_content(key, item) else self._shorter(item, most)
                for key, item in value.items()
            }
            return items if any(items[k] is not v for k, v in value.items()) else value
        if kind is list:
            if len(value) > _LONGEST_LIST and not {type(i) for i in value} & {dict, list}:
                self.found.changed = True
                return self._items(value)
            found = [self._shorter(item, most) for item in value]
            return found if any(a is not b for a, b in zip(found, value, strict=True)) else value
        return value

    def _items(self, items: list[Any]) -> list[Any]:
        """The first and last of a long list, and those that the request names."""
        named = {
            i
            for i, item in enumerate(items)
            if isinstance(item, str) and item.lower() in self.terms
        }
        found: list[Any] = []
        at = 0
        for i in sorted({*range(6), len(items) - 1, *named}):
            if i > at:
                found.append(f"[… {i - at} items]")
            found.append(items[i])
            at = i + 1
        return found

    def _cut(self, text: str, most: int) -> str:
        blob = _BLOB.search(text)
        if most == _LONG and not blob:
            return text
        keep = int((most if not blob else min(most, blob.start() + 80)) * 0.7)
        at = text.rfind(" ", keep // 2, keep)
        if at < 0:
            at = keep
            while at and "\x03" in text[at - 6 : at]:
                at -= 1
        if at < 20 or len(text) - at < 60:
            return text
        self.found.changed = True
        return f"{text[:at]} [… {len(text) - at} characters]"


def _is_content(key: str, value: Any) -> bool:
    """Whether a member may be the text of a file, which somebody may want to edit."""
    return key.lower() in _CONTENT and type(value) is str and value.count("\x03n") >= 3
