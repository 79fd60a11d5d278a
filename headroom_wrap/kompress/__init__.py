"""Kompress: shortens prose by what was asked, with a small model that ships in the package.

`select` keeps whole sentences and counts the rest; `condense` also drops words, to a token budget.
Both work without llama.cpp, by word vectors and BM25; with it they read what looks best.
"""

from __future__ import annotations

import functools
import os
import re
import string
import time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_wrap.kompress.choose import Selection

if TYPE_CHECKING:
    from headroom_wrap.kompress.rank import Effort, Ranking
    from headroom_wrap.kompress.static import Static
    from headroom_wrap.kompress.worker import Worker

__all__ = ["Selection", "condense", "model_path", "select", "use", "used"]

REQUEST = 0.3
"""Seconds the model may take on the request path, and elsewhere."""
LIBRARY = 1.5
_SHARE, _BLIND = 0.5, 0.75
_TOKENS_PER_SECOND = 2_000
_FOREIGN = 0.15
_ASCII = re.compile(r"[\0-\x7f]+")


def model_path() -> Path:
    """The model file in the package."""
    return Path(str(resources.files("headroom_wrap") / "kompress/data/kompress-mini.gguf"))


_big: Path | None = None


def use(path: Path) -> None:
    """Let the model at `path` say which words are needed; the shipped one still ranks."""
    global _big
    _big = None if path == model_path() else path


def used() -> Path | None:
    """The model that says which words are needed; None for the shipped one."""
    return _big


@functools.cache
def _static(path: Path) -> Static:
    from headroom_wrap.kompress.static import Static

    return Static(path)


# A thread does not survive a fork.
@functools.cache
def _worker(path: Path, process: int) -> Worker | None:
    from headroom_wrap.kompress.encoder import available
    from headroom_wrap.kompress.worker import Worker

    return Worker(path) if available() else None


def effort(deadline: float) -> Effort:
    """What the model may read in `deadline` seconds, in tokens, so that the text alone decides."""
    from headroom_wrap.kompress.rank import Effort

    return Effort(int(deadline * _TOKENS_PER_SECOND), time.monotonic() + deadline)


def select(
    text: str,
    query: str,
    keep: float = 0.5,
    deadline: float = REQUEST,
    path: Path | None = None,
) -> Selection | None:
    """Whole units of `text`, at most about `keep` of its tokens; None: leave it alone.

    None when the request is missing or too vague to choose by, or the text is not English enough
    for the word rules. `deadline` 0 keeps the model out.
    """
    from headroom_wrap.kompress import segment
    from headroom_wrap.kompress.choose import chosen, rendered

    units = segment.units(text)
    if len(units) < 2 or not query.strip():
        return None
    found = ranking([text[u.start : u.end] for u in units], query, deadline, path)
    if found.vague:
        return None
    kept = chosen(text, units, found, query, keep)
    return rendered(text, units, kept, found.mode) if len(kept) < len(units) else None


def condense(
    text: str,
    query: str = "",
    budget: int | None = None,
    deadline: float = LIBRARY,
    path: Path | None = None,
) -> Selection | None:
    """Words and sentences of `text` in at most `budget` tokens; None: leave it alone.

    Without a request, or with a vague one, at least three quarters stay whatever the budget: who
    does not know the question loses answers below that. Negations and conditions never leave a
    sentence that stays. None for texts that are not English.
    """
    from headroom_wrap import tokens
    from headroom_wrap.kompress import segment, words
    from headroom_wrap.kompress.choose import asked_for
    from headroom_wrap.kompress.grade import blind, condensed, relevant
    from headroom_wrap.kompress.need import needed

    if foreign(text):
        return None
    units = segment.units(text)
    if not units:
        return None
    size = tokens.count(text)
    room = int(size * _SHARE) if budget is None else budget
    relevance, mode = None, "static"
    if query.strip():
        found = ranking([text[u.start : u.end] for u in units], query, deadline, path)
        relevance, mode = (None if found.vague else found.scores), found.mode
    if relevance is None:
        room = max(room, int(size * _BLIND))
    if size <= room:
        return None
    groups = words.groups(text, units)
    need = needed(text, groups, _static(path or model_path()), _big, deadline)
    if relevance is None:
        scores = blind(text, groups, need)
    else:
        texts = [text[u.start : u.end] for u in units]
        named = asked_for(units, texts, [tokens.count(t) for t in texts], query)
        scores = relevant(units, groups, need, relevance, named)
    return condensed(text, groups, scores, room, mode)


def ranking(
    texts: list[str], query: str, deadline: float = REQUEST, path: Path | None = None
) -> Ranking:
    """How near each of `texts` is to the request; the model reads what looks best, in time."""
    from headroom_wrap.kompress import rank

    allowed = effort(deadline)
    where = path or model_path()
    worker = _worker(where, os.getpid()) if deadline > 0 and not foreign("".join(texts)) else None
    return rank.ranked(texts, query, _static(where), worker, allowed)


def foreign(text: str) -> bool:
    """Whether more than 15 % of the letters are outside ASCII: the vocabulary is English."""
    sample = text[:20_000]
    if sample.isascii():
        return False
    plain = sum(map(sample.count, string.ascii_letters))
    letters = plain + sum(map(str.isalpha, _ASCII.sub("", sample)))
    return letters > 0 and (letters - plain) > _FOREIGN * letters
