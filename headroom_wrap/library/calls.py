"""The functions of the library."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from headroom_wrap import config as settings
from headroom_wrap.config import Config
from headroom_wrap.errors import ConfigError, StoreError
from headroom_wrap.library import engine, shapes
from headroom_wrap.library.engine import Done, Engine, Wish
from headroom_wrap.library.result import CompressResult, TextResult
from headroom_wrap.library.tree import Slot, UneditableError, at, replaced, strings
from headroom_wrap.types import Level

_log = logging.getLogger(__name__)
# No model reads these as text.
_UNREAD = frozenset("data url image_url signature encrypted_content thoughtSignature".split())


def compress(
    messages: Iterable[Any],
    model: str = "",
    *,
    level: Level | str | None = None,
    query: str = "",
    target_tokens: int | None = None,
    tools: Any = None,
    config: Config | None = None,
) -> CompressResult:
    """The messages with their tool results shortened, in the shape they came in.

    `query` is what must not be left out, beside what the messages ask for themselves.
    `target_tokens` asks for at most so many tokens in all: level `lean`, as short as it takes.
    """
    given = listed(messages)
    chosen = config or settings.load()
    wish = Wish(_level(level, chosen, target_tokens), query, markers=chosen.keep)
    return _Call(given, model, tools, wish, chosen).done(target_tokens)


async def acompress(messages: Iterable[Any], model: str = "", **wishes: Any) -> CompressResult:
    """`compress` beside the event loop."""
    return await asyncio.to_thread(compress, listed(messages), model, **wishes)


def listed(given: Iterable[Any]) -> list[Any]:
    """All of them. Raises ConfigError at one message or text alone: its keys or letters would come
    back in its place."""
    if isinstance(given, (str, bytes, Mapping)):
        raise ConfigError(
            f"{type(given).__name__} given, a list expected",
            "put it into a list, or shorten one text with headroom.compress_text",
        )
    return list(given)


def simulate(
    messages: Iterable[Any],
    model: str = "",
    *,
    level: Level | str | None = None,
    query: str = "",
    target_tokens: int | None = None,
    tools: Any = None,
    config: Config | None = None,
) -> CompressResult:
    """What `compress` would give; nothing is stored, so `retrieve` does not know the hashes."""
    given = listed(messages)
    chosen = config or settings.load()
    wanted = _level(level, chosen, target_tokens)
    wish = Wish(wanted, query, keep=False, markers=chosen.keep)
    return _Call(given, model, tools, wish, chosen).done(target_tokens)


def compress_text(
    text: str,
    kind: str = "",
    query: str = "",
    *,
    level: Level | str | None = None,
    config: Config | None = None,
) -> TextResult:
    """One text shortened. `kind` is the command that printed it, where known: `pytest -q`."""
    from headroom_wrap import marker, tokens
    from headroom_wrap.pipeline.judge import squeezed
    from headroom_wrap.store import Batch
    from headroom_wrap.types import Ask, Origin

    chosen = config or settings.load()
    origin = Origin("bash" if kind else "", kind)
    before = tokens.count(text)
    unchanged = TextResult(text, before, before)
    found = squeezed(text, origin, Ask(_level(level, chosen, None), query))
    if found is None:
        return unchanged
    batch = Batch()
    name = batch.put_original(text, origin)
    sent = marker.add(found, text, name) if chosen.keep else found.text
    after = tokens.count(sent)
    if after >= before:
        return unchanged
    try:
        engine.opened(chosen).store.write(batch)
    except StoreError as problem:
        _log.error("%s: the text is left as it is", problem)
        return unchanged
    return TextResult(sent, before, after, tuple(found.compressor.split("+")), name)


def compress_result(
    text: str,
    tool: str = "",
    arguments: Any = None,
    *,
    query: str = "",
    call_id: str = "",
    error: bool = False,
    config: Config | None = None,
) -> TextResult:
    """One tool's result shortened as it would be in a conversation: what a file holds stays."""
    name = call_id or "call"
    call = {"type": "tool_use", "id": name, "name": tool, "input": arguments or {}}
    result = {"type": "tool_result", "tool_use_id": name, "content": text, "is_error": error}
    messages = [
        {"role": "user", "content": query},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    found = compress(messages, config=config)
    sent = found.messages[-1]["content"][0]["content"]
    before = found.tokens_before - found.tokens_after
    after = _size(sent)
    hashes = found.hashes[0] if found.hashes else ""
    return TextResult(sent, before + after, after, found.transforms, hashes)


def _size(text: str) -> int:
    from headroom_wrap import tokens

    return tokens.count(text)


def retrieve(
    hash: str,
    *,
    lines: str = "",
    grep: str = "",
    context: int = 0,
    rows: str = "",
    jq: str = "",
    config: Config | None = None,
) -> str:
    """The original behind a marker, or the part of it that is asked for. Raises HeadroomError."""
    from headroom_wrap import originals
    from headroom_wrap.retrieve import Part, part

    store = engine.opened(config or settings.load()).store
    found = originals.find(store, hash, None)
    return part(found.text, Part(lines, grep, context, rows, jq))


def stats(since: float = 0.0, *, config: Config | None = None) -> dict[str, float]:
    """What the ledger adds up to since a time (seconds since the epoch), calls of all kinds."""
    from headroom_wrap import ledger, report

    store = engine.opened(config or settings.load()).store
    sums = report.total(row for row in ledger.rows(store, since) if not row.observed)
    return {
        **asdict(sums),
        "tokens_saved": sums.tokens_saved,
        "saved_fraction": sums.saved_fraction,
    }


def _level(given: Level | str | None, config: Config, target: int | None) -> Level:
    if not config.keep:
        return Level.EXACT
    if given is None:
        return config.level if target is None else Level.LEAN
    try:
        return Level(given)
    except ValueError:
        names = ", ".join(level.value for level in Level)
        raise ConfigError(f"unknown level {given!r}", f"one of {names}") from None


class _Call:
    """One call of `compress`."""

    def __init__(
        self, messages: list[Any], model: str, tools: Any, wish: Wish, config: Config
    ) -> None:
        self._messages = messages
        self._model = model
        self._tools = tools
        self._wish = wish
        self._config = config

    def done(self, target: int | None) -> CompressResult:
        """Messages that JSON cannot say, or that are no messages, come back as they are."""
        try:
            on = engine.opened(self._config)
            reading = shapes.read(self._messages, self._model, self._tools)
            body = json.dumps(reading.body).encode()
        except (ValueError, RecursionError, StoreError) as problem:
            _log.error("%s: the messages are left as they are", problem)
            return CompressResult(list(self._messages))
        before = _counted(on, reading.body)
        if self._config.off:
            return CompressResult(list(self._messages), before, before)
        done = on.shorten(reading.path, body, self._wish)
        messages = self._edited(reading.slots, reading.body, done)
        after = _counted(on, json.loads(done.body))
        if target is not None and after > target and self._wish.share is None:
            return self._within(on, done, target, after)
        return CompressResult(messages, before, after, done.transforms, done.hashes)

    def _within(self, on: Engine, done: Done, target: int, after: int) -> CompressResult:
        """The same, with the texts' fair share of what is left of the target."""
        shrinkable = sum(found.before for found in done.judged.verdicts.values())
        fixed = after - sum(found.sent_tokens for found in done.judged.verdicts.values())
        share = max(0.02, (target - fixed) / shrinkable) if shrinkable else 1.0
        wish = replace(self._wish, share=round(min(share, 1.0), 4))
        return _Call(self._messages, self._model, self._tools, wish, self._config).done(target)

    def _edited(self, slots: Iterable[Slot], body: dict[str, Any], done: Done) -> list[Any]:
        messages: Any = list(self._messages)
        if not done.hashes:
            return list(self._messages)
        after = json.loads(done.body)
        for slot in slots:
            new = at(after, slot.body)
            if new != at(body, slot.body):
                try:
                    messages = replaced(messages, slot.caller, slot.wrap(new))
                except UneditableError as problem:
                    _log.warning("a result stays as it is: %s", problem)
        return list(messages)


def _counted(on: Engine, body: dict[str, Any]) -> int:
    found = strings(body.get("messages", body.get("contents", body.get("input"))))
    return sum(on.count(text) for path, text in found if path[-1] not in _UNREAD)
