"""Whether a text still says what a question needs: offline, without any reader."""

from __future__ import annotations

import re

from headroom_wrap.evaluation.rows import Row

_MARK = re.compile(r"[\W_]+")


def holds(row: Row, text: str) -> bool | None:
    """Whether one of the answers and all that is needed can be read off `text`, whatever the
    punctuation and function words between; None where the row says nothing of the kind."""
    if not row.answers and not row.needs:
        return None
    hay = f" {_plain(text)} "
    if not all(f" {_plain(each)} " in hay for each in row.needs):
        return False
    return not row.answers or any(f" {_plain(each)} " in hay for each in row.answers)


def _plain(text: str) -> str:
    """Lower case without marks and function words: shortened prose may lack those."""
    from headroom_wrap.kompress.head import PLAIN

    return " ".join(word for word in _MARK.sub(" ", text.lower()).split() if word not in PLAIN)
