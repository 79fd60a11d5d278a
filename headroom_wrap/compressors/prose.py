"""Prose that is not a file: pages, manuals, issue threads. Keeps what the request is about."""

from __future__ import annotations

import re

from headroom_wrap import tokens
from headroom_wrap.types import Ask, Level, Origin, Squeezed

NAME = "prose"

_SAMPLE = 6_000
_MIN_TOKENS = 250
_MIN_GAIN = 0.15
_WORD = re.compile(r"[^\W\d_]{2,}")
# The same where no other letters are, in half the time.
_PLAIN_WORD = re.compile(r"[A-Za-z]{2,}")
# Only from the start of a word: else a long one costs the square of its length.
_PROSE_LINE = re.compile(r"(?<![\w'’,;:()`*\"./-])(?:[^\W\d_][\w'’,;:()`*\"./-]*\s+){5,}")
# A time, an id or a path in front says record, not sentence; "3." and "2)" number a list.
_RECORD = re.compile(
    r"^\s*(?!\(?\d{1,3}[.)]\s)(?:[^\s\d/\\:]*[\d/\\:]\S*\s|[A-Z][a-z]{2} +\d\d? \d\d:)"
)
_END = re.compile(r"[.!?:][\"'”’)\]*_`]*(?=\s|$)")
_SYNTAX = re.compile(r"[{}<>;=|\\]")
# What a page carries beside its sentences: listings, link targets, tags, badges, bare links.
_FENCED = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n.*?^[ \t]*\1[^\n]*$", re.M | re.S)
_ASIDE = re.compile(
    r"!?\[[^\]\n]*\]\((?:[^()\n]|\([^()\n]*\))*\)\S*|<[!/a-zA-Z][^>\n]*>|https?://\S+|^>>>.*$", re.M
)


def score(text: str, origin: Origin) -> float:
    """Ours are words in sentences; brackets, time stamps and columns say it is something else."""
    sample = text[:_SAMPLE]
    if sample.lstrip()[:1] in ("{", "[") and text.rstrip()[-1:] in ("}", "]"):
        return 0.0
    bare = _bare(sample)
    lines = [line for line in bare.split("\n") if line.strip()]
    if not lines or len(bare) < 0.15 * len(sample):
        return 0.0
    # What tells most texts apart and costs least comes first.
    if len(_SYNTAX.findall(bare)) / len(bare) > 0.04:
        return 0.0
    words = (_PLAIN_WORD if bare.isascii() else _WORD).findall(bare)
    if sum(map(len, words)) / max(1, len("".join(bare.split()))) < 0.65:
        return 0.0
    if len(_END.findall(bare)) / max(1, len(words)) <= 0.02:
        return 0.0
    if sum(bool(_RECORD.match(line)) for line in lines) / len(lines) > 0.35:
        return 0.0
    spoken = sum(len(line) for line in lines if _PROSE_LINE.search(line)) / sum(map(len, lines))
    return min(0.7, 0.9 * spoken) if spoken > 0.45 else 0.0


def _bare(sample: str) -> str:
    """The sentences of a page without what stands beside them."""
    if "```" in sample or "~~~" in sample:
        sample = _FENCED.sub("", sample)
    if "](" in sample or "<" in sample or "://" in sample or ">>>" in sample:
        sample = _ASIDE.sub(lambda found: _label(found.group()), sample)
    return sample


def _label(aside: str) -> str:
    return aside[1 : aside.index("]")] if aside.startswith("[") else ""


def squeeze(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """Whole sentences by the request; in `lean` words too. Nothing without a request."""
    if ask.level is Level.EXACT or not ask.query.strip():
        return None
    before = tokens.count(text)
    if before < _MIN_TOKENS:
        return None
    from headroom_wrap import kompress

    query = f"{ask.query}\n{origin.command}".strip()
    if ask.level is Level.LEAN:
        budget = ask.budget or int(share(before) * before)
        # The model reads where somebody waits for a text of a given size, not on every request.
        deadline = kompress.LIBRARY if ask.budget else 0.0
        selection = kompress.condense(text, query, budget, deadline)
    else:
        # Word vectors alone: the same bytes on every machine, however busy it is. What the model
        # adds to whole sentences of one text is not worth a verdict that depends on a clock.
        selection = kompress.select(text, query, share(before), deadline=0.0)
    if selection is None or tokens.count(selection.text) > (1 - _MIN_GAIN) * before:
        return None
    return Squeezed(selection.text, NAME, exact=False, gaps=selection.gaps)


def share(size: int) -> float:
    """How much of a text of `size` tokens stays: half of a page, a quarter of a book."""
    if size <= 1_000:
        return 0.5
    return max(0.25, 0.5 - 0.25 * (size - 1_000) / 9_000)
