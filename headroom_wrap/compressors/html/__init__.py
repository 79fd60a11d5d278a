"""HTML pages: text with headings, lists, links, tables and code; what frames it is counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headroom_wrap import tokens
from headroom_wrap.compressors import prose
from headroom_wrap.compressors._fold import fold_ranges
from headroom_wrap.compressors._gain import gained
from headroom_wrap.compressors._labels import count, hide_blanks, show_wanted
from headroom_wrap.compressors.html.markup import tags
from headroom_wrap.compressors.html.regions import is_deeper
from headroom_wrap.compressors.verify import invents_nothing
from headroom_wrap.detect.commands import printing
from headroom_wrap.relevance import wanted
from headroom_wrap.types import Ask, Origin, Squeezed

if TYPE_CHECKING:
    from headroom_wrap.compressors.html.page import Page

NAME = "html"

_SAMPLE = 4_000
_OPENS = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.I | re.S,
)
# What `curl -i` prints above the page.
_HEADERS = re.compile(r"(?:HTTP/[\d.]+ \d{3}[^\n]*\n(?:[\w-]+:[^\n]*\n)*\r?\n)+")
_TAG = re.compile(
    r"</?(?:a|article|b|br|button|code|dd|div|dl|dt|em|footer|form|h[1-6]|header|hr|i|img|input"
    r"|label|li|link|main|meta|nav|ol|option|p|pre|script|section|select|span|strong|style|table"
    r"|tbody|td|th|thead|tr|ul)\b[^<>]*>",
    re.I,
)
# Who works on the page itself needs its markup.
_OWN_PAGE = re.compile(r"//(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal)|^file:")
_MARKUP = re.compile(
    r"\b(?:selectors?|xpath|markup|html source|source code of|scrap(?:e|er|ing)\b"
    r"|beautifulsoup|cheerio|data-\w+|og:\w+|aria-\w+|json-ld|view-source)|</?[a-z][\w-]*[ >/]",
    re.I,
)
_READERS = frozenset("curl wget http https xh lynx fetch iwr invoke-webrequest".split())
# These words of a request speak of the page, not of what stands on it.
_GENERAL = re.compile(
    r"(?<![\w./-])(?:pages?|sites?|websites?|html|titles?|links?|quote|say)(?![\w/-])"
)
_LEAST = 1_500
_LONG, _LONGEST = 1_500, 60_000
# A page without words is the shell of a program: who fetches it needs the scripts.
_SHELL = 200
# Parsers look at all open elements for each new one.
_DEEPEST = 1_000
# Less than this share beside the frames: then the frames are the page.
_THIN = 0.1
_MOST_LEFT = 0.9


def score(text: str, origin: Origin) -> float:
    """A page says what it is in its first line; a fragment by how much of it is tags."""
    page = text[_head(text) :]
    if _OPENS.match(page[:_SAMPLE]):
        return 0.95
    sample = page[:_SAMPLE]
    if sample.lstrip()[:1] != "<" or sample.lstrip()[:2] == "<?":
        return 0.0
    tags = _TAG.findall(sample)
    if len(tags) < 20 or sum(map(len, tags)) < 0.25 * len(sample):
        return 0.0
    fetched = any(p.name in _READERS for p in printing(origin.command)) or not origin.command
    return 0.8 if fetched else 0.0


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """The page as text; of a long one what the request is about. Nothing at `exact`."""
    if (
        not ask.level.folds
        or is_deeper(text, _DEEPEST)
        or _OWN_PAGE.search(f"{origin.command} {origin.path}")
    ):
        return None
    if _MARKUP.search(ask.query) or len(text) < _LEAST or not score(text, Origin()):
        return None
    from headroom_wrap.compressors.html.page import read

    start = _head(text)
    page = read(text[start:])
    if sum(map(len, page.lines)) < _SHELL:
        return None
    body = _chosen(_without_frames(page, ask.query), origin, ask)
    asked = tags(text[start:], body, _GENERAL.sub(" ", ask.query))
    below = "\n".join(filter(None, (page.left_out, asked)))
    whole = f"{text[:start]}{body}\n{below}".rstrip("\n") + "\n"
    # A parser moves what is misplaced, next to words that it did not follow.
    if len(whole) > _MOST_LEFT * len(text) or not invents_nothing(text, whole):
        return None
    return gained(text, Squeezed(whole, NAME, exact=False))


def _head(text: str) -> int:
    found = _HEADERS.match(text)
    return found.end() if found else 0


def _without_frames(page: Page, query: str) -> str:
    lines, labels = page.lines, list(page.labels)
    show_wanted(lines, labels, wanted(_GENERAL.sub(" ", query), lines))
    inside = sum(len(line) for line, label in zip(lines, labels, strict=True) if not label)
    if inside < _THIN * sum(map(len, lines)):
        return "\n".join(lines)
    hide_blanks(lines, labels)
    kept = [not label for label in labels]
    return fold_ranges(lines, kept, lambda at, end: count(labels, at, end))[0]


def _chosen(body: str, origin: Origin, ask: Ask) -> str:
    """Of a long page the parts that answer the request, when there is one to choose by."""
    size = tokens.count(body)
    if not _LONG <= size <= _LONGEST or not ask.query.strip():
        return body
    from headroom_wrap import kompress

    query = f"{ask.query}\n{origin.command}".strip()
    # A page is judged while the agent waits: without the model.
    selected = kompress.select(body, query, prose.share(size), deadline=0)
    return selected.text if selected else body
