"""Which elements of a page are not its text: code, hidden parts, and the frame around the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# Never text; the value names what is counted, "" is not worth a count.
UNREAD = {
    "script": "script",
    "style": "style sheet",
    "svg": "drawing",
    "canvas": "drawing",
    "iframe": "frame",
    "object": "frame",
    "embed": "frame",
    "noscript": "",
    "template": "",
    "head": "",
    "datalist": "",
    "map": "",
    "title": "",
}
_FRAMES = {"nav": "navigation", "footer": "the footer", "aside": "side notes"}
_ROLES = {
    "navigation": "navigation",
    "banner": "the header",
    "contentinfo": "the footer",
    "search": "navigation",
    "complementary": "side notes",
    "menu": "navigation",
    "menubar": "navigation",
    "toolbar": "navigation",
}
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:(?P<navigation>nav|navbar|navigation|breadcrumbs?|menu|sitemap|toctree|toc|related"
    r"|pagination|pager|skip-link|topbar|sidebar|sphinxsidebar|sidenav|leftnav)"
    r"|(?P<footer>footer|copyright|colophon)"
    r"|(?P<notices>cookies?|consent|gdpr|newsletter|subscribe|advert|ads|promo|banner|social|share|sharing)"
    r")(?:$|[\s_-])",
    re.I,
)
_WORDS = {"navigation": "navigation", "footer": "the footer", "notices": "notices"}
_CONTAINERS = frozenset("div section ul ol table form header p dl details".split())
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
# Elements that have an end tag and hold others.
_NESTING = re.compile(
    r"<(/?)(?:a|article|aside|b|big|blockquote|button|center|code|del|details|div|dl|em|fieldset"
    r"|figure|font|footer|form|header|i|ins|kbd|label|main|nav|nobr|object|ol|pre|q|s|samp"
    r"|section|small|span|strike|strong|sub|sup|svg|table|tt|u|ul|var|[a-z]+-[a-z-]+)\b",
    re.IGNORECASE,
)
_MAIN = "main, article, [role=main], [itemprop=articleBody]"
# A frame holds little of the text: more than this share is the page itself, whatever its name.
_MOST = 0.35
_OUTSIDE = 0.3
_LONGEST_NAME = 200
# Each look at the text of an element costs its length; a page has few frames.
_MOST_LOOKS = 300


class Regions:
    """What the elements of one page are; asked for each element in document order."""

    def __init__(self, body: LexborNode) -> None:
        self._size = max(1, len(body.text()))
        mains = [node for node in body.css(_MAIN)[:_MOST_LOOKS] if self._most(node, _OUTSIDE)]
        self.main = mains[0].mem_id if mains else 0
        core = mains[0] if mains else body.css_first("h1")
        self._around = set(_line_up(core)) if core is not None else set()
        self._looks = 0

    def _most(self, node: LexborNode, share: float) -> bool:
        return len(node.text()) > share * self._size

    def beside(self, node: LexborNode) -> bool:
        """Whether the element stands before or after the main part and does not hold it."""
        return bool(self.main) and node.mem_id not in self._around

    def frame(self, node: LexborNode, tag: str, inside: bool) -> str:
        """What the element frames the page with: "navigation", "the footer", …; "" for text.

        `inside` the main part only elements that are nothing else count as frames.
        """
        attributes = node.attributes
        found = _FRAMES.get(tag, "") or _ROLES.get(attributes.get("role") or "", "")
        if inside and tag == "aside":
            return ""
        if not found and tag == "header" and not inside and self.main:
            found = "the header"
        if not found and tag in _CONTAINERS:
            found = _named(attributes)
            if inside and found != "navigation":
                found = ""
        if not found or self._holds_page(node):
            return ""
        return found

    def _holds_page(self, node: LexborNode) -> bool:
        self._looks += 1
        return node.mem_id in self._around or self._looks > _MOST_LOOKS or self._most(node, _MOST)


def _line_up(node: LexborNode) -> Iterator[int]:
    """The element and all that hold it."""
    above: LexborNode | None = node
    while above is not None:
        yield above.mem_id
        above = above.parent


def is_deeper(html: str, limit: int) -> bool:
    """Whether elements lie more than `limit` deep in each other, by their tags alone."""
    # Too many by this measure, which takes every tag for one that is closed later.
    opened = itertools.accumulate(part.count("<") - 1 for part in html.split("</"))
    if max(opened) <= limit:
        return False
    deepest = here = 0
    for match in _NESTING.finditer(html):
        here = max(0, here - 1) if match[1] else here + 1
        deepest = max(deepest, here)
    return deepest > limit


def hidden(attributes: dict[str, str | None]) -> bool:
    """Whether a browser would not show the element."""
    if "hidden" in attributes:
        return True
    return bool(_HIDING.search(attributes.get("style") or ""))


def _named(attributes: dict[str, str | None]) -> str:
    for key in ("class", "id"):
        match = _NAMES.search((attributes.get(key) or "")[:_LONGEST_NAME])
        if match:
            return _WORDS[match.lastgroup or ""]
    return ""
