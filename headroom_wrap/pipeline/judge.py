"""From a block nobody has seen before to its verdict."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from headroom_wrap import compressors, marker, policy, tokens
from headroom_wrap.detect import reads
from headroom_wrap.errors import ClosedError, UnreadyError, traced
from headroom_wrap.pipeline import reread
from headroom_wrap.pipeline.verdict import Verdict, pack
from headroom_wrap.spill import Spill
from headroom_wrap.types import Ask, Block, Level, Origin, Squeezed

if TYPE_CHECKING:
    from headroom_wrap.pipeline.worker import Pool

# An outline stands in for an old file only if it is at most this part of it.
_OUTLINE = 0.3
_log = logging.getLogger(__name__)


def squeezed(text: str, origin: Origin, ask: Ask) -> Squeezed | None:
    """A text that stands in no conversation, shortened; None where that gains nothing or fails."""
    try:
        return compressors.squeeze(text, origin, ask)
    except Exception as problem:
        _log.error("shortening a text failed; it stays as it is\n%s", traced(problem))
        return None


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a block in its conversation.

    `again`: the agent asks again for what was shortened. `regretted` names the compressors that
    left out what it then asked for; `files` are the file texts that are sent in full. `dear`: the
    session has cost more than it has saved; `full`: a quota is used up.
    """

    again: bool = False
    regretted: frozenset[str] = frozenset()
    files: Mapping[bytes, Block] = field(default_factory=dict)
    dear: bool = False
    full: bool = False

    @property
    def reason(self) -> str:
        """Why no block is shortened now, or ""."""
        full = policy.KEPT_FULL if self.full else ""
        dear = policy.KEPT_DEAR if self.dear else full
        return policy.KEPT_REPEATED if self.again else dear


@dataclass(frozen=True, slots=True)
class Judge:
    """What a verdict depends on besides the block. `spill` is where originals are laid out;
    `share` is the part of a text's tokens that may stay, where the caller set a limit."""

    level: Level = Level.SAFE
    spill: Spill | None = None
    share: float | None = None

    markers: bool = True
    """Whether texts name their originals; not where none are kept."""

    pool: Pool | None = None
    """The processes that judge; None for this one."""

    @property
    def folder(self) -> str:
        """The folder of originals, "" without one."""
        return str(self.spill.folder) if self.spill else ""

    def prepare(self) -> None:
        """Load what a first text would have to wait for. Blocking."""
        if self.pool is not None:
            self.pool.start()
        else:
            compressors.prepare()

    def verdict(self, block: Block, name: str, before: Before) -> Verdict:
        """The verdict on a first-seen block; `name` is the hash of its text. Raises ClosedError
        only."""
        try:
            if self.pool is not None:
                needed = replace(before, files=self._needed(block, before))
                with contextlib.suppress(UnreadyError):
                    found = self.pool.ask(self, "verdict", block, name, needed)
                    return found or Verdict(name, policy.KEPT_FAILED)
            return self._verdict(block, name, before)
        except ClosedError:
            # No verdict: it would be replayed for ever, and its cause is the end of this session.
            raise
        except Exception as problem:
            what = "judging a result failed; it is sent as it is"
            _log.error("%s\n%s", what, traced(problem))
            return Verdict(name, policy.KEPT_FAILED)

    def _verdict(self, block: Block, name: str, before: Before) -> Verdict:
        if len(block.text) > policy.LARGE_CHARS:
            return Verdict(name, policy.KEPT_LARGE)
        with tokens.ahead(block.text) as counted:
            return self._weighed(block, name, before, counted)

    def _weighed(
        self, block: Block, name: str, before: Before, counted: Callable[[], int]
    ) -> Verdict:
        protected = policy.protected(block, self.folder)
        kept = protected or before.reason
        # A long one is squeezed while it is counted.
        short = len(block.text) < tokens.LONG and counted() < policy.SHORT_TOKENS
        result = None if kept or short else self._squeezed(block, before)
        size = counted()
        if size < policy.SHORT_TOKENS:
            kept = protected or policy.KEPT_SHORT
        if kept == policy.KEPT_FILE and not before.reason:
            found = self._read_again(block, name, size, before) or self._outlined(block, name, size)
            if found:
                return found
        if kept:
            return Verdict(name, kept, before=size, after=size)
        if result is None:
            reason = policy.KEPT_ERROR if block.error else policy.KEPT_NO_GAIN
            return Verdict(name, reason, before=size, after=size)
        return self._sent(block, name, size, result)

    def _outlined(self, block: Block, name: str, size: int) -> Verdict | None:
        """At `lean`, which is for questions about code, not for edits, a file may be an outline."""
        if self.level is not Level.LEAN or block.error:
            return None
        result = compressors.outline(block.text, block.origin, Ask(self.level, block.query))
        sent = self._sent(block, name, size, result) if result else None
        return sent if sent and sent.text is not None else None

    def stub(self, block: Block, found: Verdict) -> Verdict | None:
        """What is left of an old result at a cold point; None when that is no shorter, or when
        there would be no way back to it."""
        if not self.markers:
            return None
        if self.pool is not None:
            try:
                return self.pool.ask(self, "stub", block, found)
            except UnreadyError:
                pass
            except OSError:
                return None
        text = marker.stub(block.text, block.origin, found.hash, self._path(found.hash))
        after = tokens.count(text)
        outline = compressors.outline(block.text, block.origin, Ask(Level.LEAN))
        if outline and after + tokens.count(outline.text) <= _OUTLINE * found.sent_tokens:
            text = f"{outline.text}\n{text}"
            after = tokens.count(text)
        if after >= found.sent_tokens:
            return None
        return Verdict(
            found.hash,
            policy.SHORTENED,
            "cold",
            found.before,
            after,
            pack(text),
            self.spill is not None,
            self.level.value,
        )

    def _path(self, name: str) -> str:
        return self.spill.path(name) if self.spill else ""

    def _squeezed(self, block: Block, before: Before) -> Squeezed | None:
        budget = None if self.share is None else int(self.share * tokens.count(block.text))
        ask = Ask(self.level, block.query, budget)
        result = compressors.squeeze(block.text, block.origin, ask)
        if result is None or result.exact:
            return result
        wary = before.regretted & set(result.compressor.split("+"))
        if wary or (block.error and not policy.fit_for_error(result)):
            exact = Ask(Level.EXACT, block.query)
            result = compressors.squeeze(block.text, block.origin, exact)
        return result

    def _needed(self, block: Block, before: Before) -> dict[bytes, Block]:
        """What another process has to know of earlier reads."""
        if before.reason or not before.files:
            return {}
        kept = policy.protected(block, self.folder)
        return _reads(block, before.files) if kept == policy.KEPT_FILE else {}

    def _read_again(self, block: Block, name: str, size: int, before: Before) -> Verdict | None:
        if reread.NAME in before.regretted:
            return None
        path = reads.shown_path(block.text, block.origin)
        earlier: dict[int, bytes] = {}
        texts: list[reread.Read] = []
        for key, other in _reads(block, before.files).items():
            texts.append(reread.read(other.text, reads.shown_path(other.text, other.origin)))
            # A text that was read twice leans on the first.
            earlier.setdefault(id(texts[-1]), key)
        found = reread.delta(block.text, path, texts)
        if found is None:
            return None
        bases = tuple(earlier[id(leaned)] for leaned in found[1])
        sent = self._sent(block, name, size, found[0], bases)
        return sent if sent.text is not None else None

    def _sent(
        self, block: Block, name: str, size: int, result: Squeezed, bases: tuple[bytes, ...] = ()
    ) -> Verdict:
        text = result.text
        if self.markers:
            text = marker.add(result, block.text, name, self._path(name))
        after = tokens.count(text)
        if after >= size:
            return Verdict(name, policy.KEPT_NO_GAIN, before=size, after=size)
        return Verdict(
            name,
            policy.SHORTENED,
            result.compressor,
            size,
            after,
            pack(text),
            self.spill is not None,
            self.level.value,
            bases=bases,
        )


def _reads(block: Block, files: Mapping[bytes, Block]) -> dict[bytes, Block]:
    """The newest earlier reads of the file that the block is a read of, oldest first."""
    path = reads.shown_path(block.text, block.origin)
    found: list[tuple[bytes, Block]] = []
    for key, other in reversed(list(files.items())):
        if len(found) == reread.NEWEST:
            break
        if not path or reread.same_file(path, reads.shown_path(other.text, other.origin)):
            found.append((key, other))
    return dict(found[::-1])
