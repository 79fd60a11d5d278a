"""Whether a text still says what a question needs: offline, without any reader."""

from __future__ import annotations

import re

from headroom_wrap.evaluation.rows import Row

_MARK = re.compile(r"[\W_]+")


def holds(row: Row, text: str) -> bool | None:
    """Whether one of the answers and all that is needed can be read off `text`, whatever the
    punctuation and function words between; None where there is no text, or nothing to look for."""
    if not text.strip() or not (row.answers or row.needs):
        return None
    hay = f" {_plain(text)} "
    if not all(_in(hay, each) for each in row.needs):
        return False
    return not row.answers or any(_in(hay, each) for each in row.answers)


def _in(hay: str, words: str) -> bool:
    sought = _plain(words)
    return bool(sought) and f" {sought} " in hay


def _plain(text: str) -> str:
    """Lower case without marks and function words: shortened prose may lack those."""
    from headroom_wrap.kompress.head import PLAIN

    return " ".join(word for word in _MARK.sub(" ", text.lower()).split() if word not in PLAIN)
