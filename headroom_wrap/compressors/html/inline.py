"""The words inside a paragraph: links with targets, code in backticks, images by their words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SPACE = re.compile(r"[^\S\n\xa0]+|[ \xa0]*\xa0[ \xa0]*")
_BREAK = "\x0b"
# Stands where something is left out.
_APART = "\0"
_TORN = re.compile(rf"(?<=\w){_APART}+(?=\w)")
# Signs that link to the heading or line they stand in.
_PERMALINK = re.compile(rf"[¶#§🔗\s{_APART}]*$")
_CODE = frozenset("code tt kbd samp".split())
_SAFE_TARGET = re.compile(r"(?!javascript:|data:)[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*$", re.I)
_WITHIN = "link within the page|links within the page"
_AGAIN = "link given before|links given before"


class Inline:
    """Collects the words of one block; `left` counts what is left out."""

    def __init__(self, left: Counter[str]) -> None:
        self._words: list[str] = []
        self._open: list[tuple[str, int, str]] = []
        self._seen: set[str] = set()
        self._left = left

    def text(self, text: str) -> None:
        """Words as the source has them."""
        self._words.append(text.replace("\n", " ").replace(_BREAK, " "))

    def apart(self) -> None:
        """Something is left out here: the words on both sides stay two."""
        self._words.append(_APART)

    def enter(self, node: LexborNode, tag: str) -> None:
        """Begin an element that is no block."""
        if tag == "br":
            self._words.append(_BREAK)
        elif tag == "img":
            self._image(node)
        elif tag == "a" or tag in _CODE:
            target = (node.attributes.get("href") or "") if tag == "a" else ""
            self._open.append((tag, len(self._words), target.strip()))

    def leave(self, tag: str) -> None:
        """End an element that is no block."""
        if not self._open or self._open[-1][0] != tag:
            return
        _, start, target = self._open.pop()
        words = "".join(self._words[start:])
        if tag == "a":
            self._words[start:] = [self._link(words, target)]
        elif words.strip() and "`" not in words and _BREAK not in words:
            self._words[start:] = [f"`{words.strip()}`"]

    def take(self) -> str:
        """The words so far as one paragraph, with its line breaks; then begin the next."""
        if not self._words:
            return ""
        words = _TORN.sub(" ", "".join(self._words)).replace(_APART, "")
        words = _SPACE.sub(" ", words)
        self._words.clear()
        # A block inside a link ends it: what follows is no part of the label.
        self._open = [(tag, 0, "") for tag, _, _ in self._open]
        return "\n".join(line.strip() for line in words.split(_BREAK) if line.strip())

    def _link(self, words: str, target: str) -> str:
        if _PERMALINK.match(words):
            return ""
        if not target or not _SAFE_TARGET.match(target):
            return words
        if target.startswith("#"):
            self._left[_WITHIN] += 1
            return words
        if target in self._seen:
            self._left[_AGAIN] += 1
            return words
        self._seen.add(target)
        label = words.strip()
        return f"<{target}>" if label == target else f"[{label}]({target})"

    def _image(self, node: LexborNode) -> None:
        words = " ".join((node.attributes.get("alt") or "").split())
        source = node.attributes.get("src") or ""
        if words and len(source) < 200 and _SAFE_TARGET.match(source):
            self._words.append(f"![{words}]({source})")
        else:
            self._left["image"] += 1
            self._words.append(words)
