"""Retrieved documents within a token budget: the most relevant stay, shortened by the question."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from headroom_wrap import config as settings
from headroom_wrap import marker, tokens
from headroom_wrap.config import Config
from headroom_wrap.errors import StoreError
from headroom_wrap.library import engine
from headroom_wrap.library.calls import compress_text, listed
from headroom_wrap.library.tree import UneditableError, plain, replaced
from headroom_wrap.store import Batch
from headroom_wrap.types import Level, Origin, Squeezed

_log = logging.getLogger(__name__)
_KEYS = ("page_content", "text", "content")
# Less than this of a document tells nobody anything.
_LEAST = 60
_MARKER = 24
_NOTE = 10


@dataclass(frozen=True, slots=True)
class DocumentsResult:
    """`documents` are those to send, in the order and the types they came in; `hashes` name the
    originals of the shortened ones, `left_out` those of documents that did not fit at all."""

    documents: list[Any]
    tokens_before: int
    tokens_after: int
    hashes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def tokens_saved(self) -> int:
        return self.tokens_before - self.tokens_after


@dataclass(frozen=True, slots=True)
class _Text:
    """A document's text as it would be sent; `hash` names the original where that is another."""

    text: str
    size: int
    hash: str = ""


def compress_documents(
    documents: Iterable[Any],
    query: str,
    target_tokens: int | None = None,
    *,
    config: Config | None = None,
) -> DocumentsResult:
    """Documents shortened to what answers `query`, in at most `target_tokens` tokens in all.

    A document is a string, a mapping with its text under `page_content`, `text` or `content`, or
    a pydantic model such as LangChain's Document. What is none of these is passed on.
    """
    given = listed(documents)
    chosen = config or settings.load()
    texts = {at: text for at, doc in enumerate(given) if (text := text_of(doc)) is not None}
    before = sum(tokens.count(text) for text in texts.values())
    short = {at: _shortened(text, query, chosen) for at, text in texts.items()}
    if target_tokens is not None and sum(each.size for each in short.values()) > target_tokens:
        short = _fitted(texts, short, query, target_tokens, chosen)
    missing = [texts[at] for at in texts if at not in short]
    left_out = _kept(missing, chosen)
    if left_out is None:
        return DocumentsResult(given, before, before)
    found = [
        with_text(doc, short[at].text) if at in texts else doc
        for at, doc in enumerate(given)
        if at in short or at not in texts
    ]
    after = sum(each.size for each in short.values())
    hashes = tuple(dict.fromkeys(each.hash for each in short.values() if each.hash))
    return DocumentsResult(found, before, after, hashes, tuple(left_out))


def text_of(document: Any) -> str | None:
    """The text of a document, None where there is none to be found."""
    if isinstance(document, str):
        return document
    tree = plain(document)
    texts = [tree[key] for key in _KEYS if key in tree] if isinstance(tree, dict) else []
    return texts[0] if texts and isinstance(texts[0], str) else None


def with_text(document: Any, text: str) -> Any:
    """The document with another text."""
    if isinstance(document, str):
        return text
    key = next(key for key in _KEYS if key in plain(document))
    try:
        return replaced(document, (key,), text)
    except UneditableError as problem:
        _log.warning("a document stays as it is: %s", problem)
        return document


def _shortened(text: str, query: str, config: Config) -> _Text:
    found = compress_text(text, query=query, level=Level.LEAN, config=config)
    return _Text(found.text, found.tokens_after, found.hash)


def _fitted(
    texts: dict[int, str], short: dict[int, _Text], query: str, target: int, config: Config
) -> dict[int, _Text]:
    """The best documents, the last of them cut down to what room is left."""
    found: dict[int, _Text] = {}
    room = target
    for at in _ranked(texts, query):
        each: _Text | None = short[at]
        if short[at].size > room:
            # The best one is shown in any case, as much of it as there is room for.
            each = _condensed(texts[at], query, room - _MARKER, config, whole=bool(found))
        if each is not None and each.size <= room:
            found[at] = each
            room -= each.size
    return found


def _condensed(text: str, query: str, budget: int, config: Config, *, whole: bool) -> _Text | None:
    """The document's sentences by the question; its beginning where that fails, unless `whole`."""
    from headroom_wrap import kompress

    if budget < _LEAST:
        return None
    cut = kompress.condense(text, query, budget)
    squeezed = Squeezed(cut.text, "prose", False, cut.gaps) if cut else None
    if squeezed is None or tokens.count(squeezed.text) > budget:
        squeezed = None if whole else _beginning(text, budget)
    names = _kept([text], config) if squeezed else None
    if squeezed is None or not names:
        return None
    sent = marker.add(squeezed, text, names[0])
    return _Text(sent, tokens.count(sent), names[0])


def _beginning(text: str, budget: int) -> Squeezed:
    """As many words as the budget allows, and how much follows."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _fits(text[:middle], budget) else (low, middle - 1)
    shown = text[:low].rsplit(None, 1)[0] if low and not text[low - 1].isspace() else text[:low]
    note = f"{shown}\n[… {len(text) - len(shown)} more characters]"
    first, total = shown.count("\n"), text.count("\n") + 1
    return Squeezed(note, "prose", False, ((first, total),))


def _fits(text: str, budget: int) -> bool:
    return tokens.count(text) + _NOTE <= budget


def _kept(texts: list[str], config: Config) -> list[str] | None:
    """Puts originals into the store; their hashes, or None where that fails."""
    if not texts:
        return []
    batch = Batch()
    names = [batch.put_original(text, Origin()) for text in texts]
    try:
        engine.opened(config).store.write(batch)
    except StoreError as problem:
        _log.error("%s: the documents are left as they are", problem)
        return None
    return names


def _ranked(texts: dict[int, str], query: str) -> list[int]:
    from headroom_wrap.kompress.rank import Effort, ranked

    scores = ranked(list(texts.values()), query, _vectors(), None, Effort()).scores
    placed = sorted(zip(scores, texts, strict=True), key=lambda pair: (-float(pair[0]), pair[1]))
    return [at for _, at in placed]


@functools.cache
def _vectors() -> Any:
    from headroom_wrap.kompress import model_path
    from headroom_wrap.kompress.static import Static

    return Static(model_path())
