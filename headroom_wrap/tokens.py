"""Token counts with OpenAI's o200k_base; its rank file (MIT) ships with the package."""

from __future__ import annotations

import binascii
import collections
import contextlib
import functools
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

# https://github.com/openai/tiktoken, tiktoken_ext/openai_public.py
# What needs no look ahead stands in one group: that is matched without going back.
_PLAIN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
    ]
)
_SPLIT = rf"(?:{_PLAIN})|\s+(?!\S)|\s+"


# A million blanks in a row overflow the stack of tiktoken's regular expressions.
_PIECE = 100_000
# What was counted last; a text is sent with a marker behind it.
_WORTH_KEEPING, _MARKER, _TAIL = 1_000, 400, 600
_CUT = re.compile(r"\n(?=[!-.0-~])")
_counted: collections.deque[tuple[str, int]] = collections.deque(maxlen=8)
_long: collections.deque[tuple[bytes, int]] = collections.deque(maxlen=16)
_PATIENCE = 0.001
LONG = 6_000
"""Characters from which another thread counts sooner than it takes to ask it."""


@functools.cache
def _encoding() -> tiktoken.Encoding:
    import tiktoken

    # Not tiktoken.load: it leaves a copy of the file in the temporary folder.
    lines = (
        (resources.files("headroom_wrap") / "data/o200k_base.tiktoken").read_bytes().splitlines()
    )
    ranks = {binascii.a2b_base64(token): int(rank) for token, rank in map(bytes.split, lines)}
    return tiktoken.Encoding("o200k_base", pat_str=_SPLIT, mergeable_ranks=ranks, special_tokens={})


@contextlib.contextmanager
def ahead(text: str) -> Iterator[Callable[[], int]]:
    """`count`, begun in another thread where the text is long: to be called for the number.

    tiktoken lets others have the interpreter meanwhile. Within, nobody counts the text again.
    """
    threads, begun = _others(os.getpid())
    if len(text) < LONG or text in begun:
        yield functools.partial(count, text)
        return
    # Loaded here, or else by both.
    _encoding()
    started = threading.Event()
    found = begun[text] = threads.submit(_whole_from, text, started)
    # Else it would begin only when this thread has to wait for something.
    started.wait(_PATIENCE)
    try:
        yield found.result
    finally:
        begun.pop(text, None)


def _whole_from(text: str, started: threading.Event) -> int:
    started.set()
    return _whole(text)


# A thread does not survive a fork.
@functools.cache
def _others(process: int) -> tuple[ThreadPoolExecutor, dict[str, Future[int]]]:
    """Other threads, and what they count."""
    return ThreadPoolExecutor(4, "count"), {}


def count(text: str) -> int:
    """Number of o200k tokens in `text`; lone surrogates count as U+FFFD.

    Exact up to 100,000 characters; of longer texts each such piece is counted by itself.
    """
    begun = _others(os.getpid())[1].get(text)
    return _whole(text) if begun is None else begun.result()


def _whole(text: str) -> int:
    if len(text) <= _PIECE:
        return _count(text)
    # Only its name is kept of a text that is so long.
    name = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    total = next((number for known, number in tuple(_long) if known == name), -1)
    if total < 0:
        total = sum(map(_encoded, _pieces(text)))
        _long.append((name, total))
    return total


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.rfind("\n", start, start + _PIECE) + 1 or start + _PIECE
        yield text[start:end]
        start = end


# The router and the pipeline ask for the same few texts.
@functools.lru_cache(16)
def _count(text: str) -> int:
    if len(text) < _WORTH_KEEPING:
        return _encoded(text)
    found = _grown(text)
    number = _encoded(text) if found is None else found
    _counted.append((text, number))
    return number


def _grown(text: str) -> int | None:
    """The count of what was counted before and only got a marker; None where that is no such text.

    Tokens never reach over a line break before a sign that is neither blank nor a slash.
    """
    for known, number in tuple(_counted):
        if 0 < len(text) - len(known) <= _MARKER and text.startswith(known):
            last = max(0, len(known) - _TAIL)
            cut = max((found.end() for found in _CUT.finditer(known, last)), default=0)
            return number - _encoded(known[cut:]) + _encoded(text[cut:]) if cut else None
    return None


def _encoded(text: str) -> int:
    try:
        return len(_encoding().encode_ordinary(text))
    except UnicodeEncodeError:
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return len(_encoding().encode_ordinary(whole))
