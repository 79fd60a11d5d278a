from __future__ import annotations

import pytest

from headroom_wrap import marker, tokens
from headroom_wrap.types import Squeezed

NAME = "9f3a1c2b" + "0" * 24
PATH = "/tmp/hr/3fa9/9f3a1c2b"
FOLD = Squeezed("a\n[… 3 lines]", "log", exact=False, gaps=((1, 4),))
EXACT = Squeezed("a", "log", exact=True)


@pytest.mark.parametrize(
    ("squeezed", "path", "expected"),
    [
        (FOLD, "", "[headroom 9f3a1c2b: 3 of 4 lines folded]"),
        (FOLD, PATH, f"[headroom: 3 of 4 lines folded; original: {PATH}]"),
        (EXACT, "", "[headroom 9f3a1c2b]"),
        (EXACT, PATH, f"[headroom: original: {PATH}]"),
    ],
)
def test_a_marker(squeezed, path, expected):
    sent = marker.add(squeezed, "a\nb\nc\nd\n", NAME, path)
    assert sent == f"{squeezed.text}\n{expected}"
    assert marker.hashes(sent) == ["9f3a1c2b"]
    assert tokens.count(expected) < 40


@pytest.mark.parametrize("text", ["", "[headroom]", "x [headroom 9f3a1c2b]", "[headroom zz]"])
def test_no_marker(text):
    assert marker.hashes(text) == []
