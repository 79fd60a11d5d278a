"""WordPiece as BERT models want it, so that the static scorer needs no llama.cpp."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

# BERT's basic tokeniser: runs of word characters, every other visible character by itself.
_ASCII_WORDS = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
_RUN = re.compile(r"[^ \t\n\r]+")
_MAX_WORD = 64
_READ = 200
"""Letters of a word that are looked at; what is longer is no word."""
_START = "▁"


class WordPiece:
    """Words to token ids. `tokens` as GGUF stores them: `▁word` starts a word, `ing` goes on."""

    def __init__(self, tokens: Sequence[str], unknown: int) -> None:
        self._ids = {token: i for i, token in enumerate(tokens)}
        self._unknown = unknown
        self._seen: dict[str, tuple[int, ...]] = {}

    def ids(self, text: str) -> list[int]:
        """Token ids of a text, without [CLS] and [SEP]."""
        known = self._seen
        found: list[int] = []
        for word in words(text):
            found += known[word] if word in known else self.word(word)
        return found

    def word(self, word: str) -> tuple[int, ...]:
        """Token ids of one lower-case word."""
        pieces = self._seen.get(word)
        if pieces is None:
            pieces = self._split(word)
            if len(self._seen) < 200_000:
                self._seen[word] = pieces
        return pieces

    def _split(self, word: str) -> tuple[int, ...]:
        rest, found = _START + word[:_READ], []
        while rest:
            for end in range(min(len(rest), _MAX_WORD), 0, -1):
                piece = self._ids.get(rest[:end])
                if piece is not None and rest[:end] != _START:
                    break
            else:
                return (self._unknown,)
            found.append(piece)
            rest = rest[end:]
        return tuple(found)


def words(text: str) -> list[str]:
    """The lower-case, accent-free words and single marks of a text."""
    if text.isascii():
        return _ASCII_WORDS.findall(text.lower())
    found: list[str] = []
    for run in _RUN.findall(text):
        plain = run.isascii() and run.isprintable()
        found += _ASCII_WORDS.findall(run.lower()) if plain else _foreign(run)
    return found


@functools.lru_cache(1 << 12)
def _foreign(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for run in _stripped(text).split():
        start = 0
        for i, char in enumerate(run):
            if _alone(char):
                found += [part for part in (run[start:i], char) if part]
                start = i + 1
        if run[start:]:
            found.append(run[start:])
    return tuple(found)


def _stripped(text: str) -> str:
    kept = []
    for char in unicodedata.normalize("NFD", text):
        kind = unicodedata.category(char)
        if kind == "Mn" or (kind[0] == "C" and char not in "\t\n\r") or char == "\ufffd":
            continue
        kept.append(" " if kind[0] == "Z" else char.lower())
    return "".join(kept)


def _alone(char: str) -> bool:
    point = ord(char)
    if point < 128:
        return not char.isalnum()
    # Ideographs are words of their own; kana and hangul are not, as in BERT.
    ideograph = 0x4E00 <= point <= 0x9FFF or 0x3400 <= point <= 0x4DBF or 0xF900 <= point <= 0xFAFF
    return ideograph or 0x20000 <= point <= 0x2CEAF or unicodedata.category(char)[0] == "P"
