"""Tags that the request names by what only stands in the markup: an id, a class, an attribute."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_wrap.compressors._fold import plural
from headroom_wrap.relevance import terms

_MOST_PLACES = 3
_MOST_TAGS = 6
_LONGEST = 400


def tags(source: str, shown: str, query: str) -> str:
    """The tags of `source` with rare words of `query` that are not in what is shown of the page.

    They stand below a note that counts them; "" when there are none.
    """
    low, seen = source.lower(), shown.lower()
    found = sorted({
        place
        for term in terms(query)
        if term not in seen and 0 < low.count(term) <= _MOST_PLACES
        for place in _around(low, term)
    })  # fmt: skip
    told = [source[start:end] for start, end in found][:_MOST_TAGS]
    return (
        "\n".join([f"[… {plural(len(told), 'asked-for tag')} of the markup:]", *told])
        if told
        else ""
    )


def _around(text: str, term: str) -> Iterator[tuple[int, int]]:
    """Where the tags are whose insides hold the whole word `term`."""
    for match in re.finditer(rf"(?<![^\W_]){re.escape(term)}(?![^\W_])", text):
        start = text.rfind("<", max(0, match.start() - _LONGEST), match.start())
        end = text.find(">", match.end(), match.end() + _LONGEST)
        if start < 0 or end < 0 or ">" in text[start : match.start()]:
            continue
        if "<" not in text[match.end() : end] and "\n" not in text[start:end]:
            yield start, end + 1
