"""The verdicts on all results of one request: standing ones are replayed, new ones judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from headroom_wrap import policy
from headroom_wrap.detect import reads
from headroom_wrap.pipeline.account import Judged
from headroom_wrap.pipeline.judge import Before, Judge
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.types import Block, Turn

Call = tuple[str, str]


@dataclass(slots=True)
class Seen:
    """What a conversation holds so far, in order. A WebSocket keeps it from message to message."""

    last: Call = ("", "")
    shortened: dict[Call, dict[str, Verdict]] = field(default_factory=dict)
    """By call, then by hash of the original: the verdicts that changed a result."""
    regretted: set[str] = field(default_factory=set)
    """Compressors that left out what the agent then asked for again."""
    dear: bool = False
    """Whether the session has cost more than it has saved: then nothing more is shortened."""
    files: dict[bytes, Block] = field(default_factory=dict)
    """File texts that this request sends in full, by the key of their verdicts."""
    full: bool = False
    """Whether a quota is used up: then nothing more is shortened either."""

    def copy(self) -> Seen:
        """One that does not change with this one."""
        shortened = {call: dict(found) for call, found in self.shortened.items()}
        files, regretted = dict(self.files), set(self.regretted)
        return Seen(self.last, shortened, regretted, self.dear, files, self.full)

    def become(self, other: Seen) -> None:
        """Takes over what another one holds."""
        self.last, self.shortened, self.regretted = other.last, other.shortened, other.regretted
        self.files = other.files

    def again(self, block: Block, name: str) -> Verdict | None:
        """The verdict that shortened the result of an earlier call, where the agent repeats that
        call: at once, or later with the same result. Edits do not count: a repeated one is another
        edit, not a wish to see the last answer again.
        """
        call = _call(block)
        if reads.is_edit(block.origin):
            return None
        earlier = self.shortened.get(call, {}) if call[1] else {}
        if call == self.last and earlier:
            return earlier.get(name) or next(reversed(earlier.values()))
        return earlier.get(name)

    def note(self, block: Block, key: bytes, found: Verdict) -> None:
        if found.text is not None:
            self.shortened.setdefault(_call(block), {})[found.hash] = found
        elif found.reason == policy.KEPT_FILE:
            self.files[key] = block


def decide(
    turn: Turn,
    names: Mapping[Block, str],
    keys: dict[Block, bytes],
    known: Mapping[bytes, Verdict],
    seen: Seen,
    on: Judge,
) -> Judged:
    """The verdicts on the blocks that have a name and a key; `known` holds what stands, by key."""
    judged = Judged(names=names, keys=keys)
    standing = dict(known)
    seen.files = {}
    for block in turn.blocks:
        _regret(block, seen, on)
        if block in names:
            key = judged.keys[block]
            found = standing.get(key)
            # Also where a verdict stands: later ones must not depend on which request judged it.
            again = _again(block, names[block], seen)
            if found is None:
                files = {} if turn.forgets else seen.files
                before = Before(again, frozenset(seen.regretted), files, seen.dear, seen.full)
                found = standing[key] = on.verdict(block, names[block], before)
                judged.new.append(block)
            elif not all(base in seen.files for base in found.bases):
                # The client has taken away what it leans on, and with it the cached prefix.
                found = found.kept(policy.KEPT_FILE)
            judged.verdicts[block] = found
            seen.note(block, key, found)
        seen.last = _call(block)
    return judged


def _again(block: Block, name: str, seen: Seen) -> bool:
    """Whether the block repeats an earlier call; the compressors that shortened that one are noted
    as regretted."""
    again = seen.again(block, name)
    if again:
        seen.regretted |= set(again.compressor.split("+"))
    return again is not None


def _call(block: Block) -> Call:
    return block.origin.tool, block.origin.command or block.origin.path


def _regret(block: Block, seen: Seen, on: Judge) -> None:
    """A fetched original tells which folds left out too much."""
    if not policy.reads_original(block, on.folder):
        return
    asked = f"{block.origin.command} {block.origin.path}"
    for shortened in seen.shortened.values():
        for found in shortened.values():
            if found.hash[:8] in asked:
                seen.regretted |= set(found.compressor.split("+"))
