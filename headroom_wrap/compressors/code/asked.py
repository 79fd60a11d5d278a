"""Which definitions the request names: their bodies stay in full."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from headroom_wrap import relevance
from headroom_wrap.compressors.code.bodies import Body

_CALLED = re.compile(r"((?:\w+(?:\.|::|#|->))*)([^\W\d]\w*)(\(?)")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LEAST_PART = 4
# A word in the names of so many definitions tells them not apart.
_FEW = 3
_RARE = 0.05
# A class of this many lines is shown whole when it is named; of a longer one its outline.
_LONGEST_CLASS = 120


class Asked:
    """The names and words of names that a request has in common with the definitions of a file."""

    def __init__(self, query: str, names: Sequence[tuple[str, ...]]) -> None:
        terms = relevance.terms(query)
        self._names = {
            name.lower()
            for owner, name, call in _CALLED.findall(query)
            if owner or call or name.lower() in terms
        }
        counts = Counter(part for named in names for part in _parts(named[-1] if named else ""))
        most = max(_FEW, int(_RARE * len(names)))
        words = {_stem(term) for term in terms if len(term) >= _LEAST_PART}
        self._parts = {part for part in words if 0 < counts[part] <= most}

    def names(self, body: Body) -> bool:
        """Whether the request is about the definition, or the short class that it is in."""
        if not body.names:
            return False
        if body.names[-1].lower() in self._names or self._parts & _parts(body.names[-1]):
            return True
        return body.owned <= _LONGEST_CLASS and any(
            name.lower() in self._names for name in body.names[:-1]
        )


def _parts(name: str) -> set[str]:
    return {_stem(part.lower()) for part in _PART.findall(name) if len(part) >= _LEAST_PART}


def _stem(word: str) -> str:
    return word.removesuffix("s")
