"""Ledger rows out of verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from headroom_wrap import ledger
from headroom_wrap.ledger import Row, Shown
from headroom_wrap.pipeline.verdict import Verdict
from headroom_wrap.types import Block, Turn


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is asking: written into every ledger row."""

    session: str = ""
    agent: str = ""
    project: str = ""
    observe: bool = False


@dataclass(slots=True)
class Judged:
    """The blocks of one turn: verdicts, hashes, keys; nobody had seen the `new` ones."""

    verdicts: dict[Block, Verdict] = field(default_factory=dict)
    names: Mapping[Block, str] = field(default_factory=dict)
    keys: dict[Block, bytes] = field(default_factory=dict)
    new: list[Block] = field(default_factory=list)


def row(here: Situation, wire: str, turn: Turn, judged: Judged) -> Row:
    """The row of one exchange, before its response is known."""
    new = set(judged.new)
    shown = [_shown(block, judged.verdicts[block]) for block in judged.new]
    old = [found for block, found in judged.verdicts.items() if block not in new]
    return Row(
        at=ledger.now(),
        session=here.session,
        agent=here.agent,
        project=here.project,
        wire=wire,
        model=turn.model,
        status=0,
        blocks=len(turn.blocks),
        new_before=sum(s.before for s in shown),
        new_after=sum(s.after for s in shown),
        old_before=sum(found.before for found in old),
        old_after=sum(found.after if here.observe else found.sent_tokens for found in old),
        new=shown,
        observed=here.observe,
    )


def _shown(block: Block, found: Verdict) -> Shown:
    command = block.origin.command or block.origin.path
    return Shown(
        found.hash,
        block.origin.tool,
        command[:200],
        found.compressor,
        found.reason,
        found.before,
        found.after,
    )
