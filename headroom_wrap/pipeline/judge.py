"""From a block nobody has seen before to its verdict."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from headroom_wrap import compressors, marker, policy, tokens
from headroom_wrap.pipeline.verdict import Verdict, pack
from headroom_wrap.spill import Spill
from headroom_wrap.types import Ask, Block, Level

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judge:
    """What a verdict depends on besides the block. `spill` is where originals are laid out."""

    level: Level = Level.SAFE
    spill: Spill | None = None

    def verdict(self, block: Block, name: str, *, repeated: bool = False) -> Verdict:
        """The verdict on a first-seen block; `name` is the hash of its text. Never raises.

        `repeated`: the same call gave the same answer before in this conversation.
        """
        try:
            return self._verdict(block, name, repeated)
        except Exception:
            _log.exception("judging a %s result failed; it is sent as it is", block.origin.tool)
            return Verdict(name, policy.KEPT_FAILED)

    def _verdict(self, block: Block, name: str, repeated: bool) -> Verdict:
        before = tokens.count(block.text)
        if before < policy.SHORT_TOKENS:
            return Verdict(name, policy.KEPT_SHORT, before=before, after=before)
        kept = policy.protected(block, str(self.spill.folder) if self.spill else "")
        if not kept and repeated:
            kept = policy.KEPT_REPEATED
        if kept:
            return Verdict(name, kept, before=before, after=before)
        return self._shortened(block, name, before)

    def _shortened(self, block: Block, name: str, before: int) -> Verdict:
        result = compressors.squeeze(block.text, block.origin, Ask(self.level, block.query))
        if result is not None and block.error and not policy.fit_for_error(result):
            exact = Ask(Level.EXACT, block.query)
            result = compressors.squeeze(block.text, block.origin, exact)
        if result is None:
            reason = policy.KEPT_ERROR if block.error else policy.KEPT_NO_GAIN
            return Verdict(name, reason, before=before, after=before)
        path = self.spill.path(name) if self.spill else ""
        text = marker.add(result, block.text, name, path)
        after = tokens.count(text)
        if after >= before:
            return Verdict(name, policy.KEPT_NO_GAIN, before=before, after=before)
        return Verdict(
            name,
            policy.SHORTENED,
            result.compressor,
            before,
            after,
            pack(text),
            self.spill is not None,
            self.level.value,
        )
