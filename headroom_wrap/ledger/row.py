"""A ledger row: what one exchange with a model was, and what was done to its tool results."""

from __future__ import annotations

import time
from typing import Annotated

import msgspec

from headroom_wrap.types import Usage

# What a damaged row holds must not get into the sums.
Finite = Annotated[float, msgspec.Meta(ge=0, lt=1e10)]


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What was done to one tool result when it was first seen; tokens are o200k."""

    hash: str
    tool: str
    command: str
    compressor: str
    reason: str
    before: int
    after: int


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exchange. Token counts of results are o200k; `usage` is the provider's own."""

    at: Finite
    session: str
    agent: str
    project: str
    wire: str
    model: str
    status: int
    conversation: str = ""
    blocks: int = 0
    new_before: int = 0
    new_after: int = 0
    old_before: int = 0
    old_after: int = 0
    new: list[Shown] = []
    usage: Usage | None = None
    overhead_ms: Finite = 0.0
    broken: int = 0
    """Messages whose forwarded bytes differ from what was forwarded before: must stay 0."""
    cold: bool = False
    """A cold point: old results left here, which is no break."""
    factor: Finite = 1.0
    """Tokens of the provider per token of ours, as measured for this model so far."""
    observed: bool = False
    """The figures are what would have been saved; nothing was changed."""
    side: str = ""
    """Of a conversation in a comparison of outputs: "steered" or "held out"."""
    kind: str = ""
    """What such a request answers: "user", "result" or "error"."""
    effort: str = ""
    """An effort that was lowered, as "high→medium"."""

    @property
    def before(self) -> int:
        return self.new_before + self.old_before

    @property
    def after(self) -> int:
        return self.new_after + self.old_after

    @property
    def saved(self) -> int:
        return self.before - self.after

    @property
    def prompt(self) -> int:
        """Tokens of the prompt as the provider counted them; 0 where it did not say."""
        used = self.usage or Usage()
        return used.input + used.cache_read + used.cache_write_5m + used.cache_write_1h


_encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Row).decode


def encode(row: Row) -> bytes:
    """The row as it is stored."""
    try:
        return _encode(row)
    except UnicodeEncodeError:
        # A folder that is no UTF-8, half an emoji in a command: no reason to lose the row.
        return _encode(_encodable(row))


def _encodable(row: Row) -> Row:
    new = [msgspec.structs.replace(shown, **_words(shown)) for shown in row.new]
    return replace(row, new=new, **_words(row))


def _words(struct: Row | Shown) -> dict[str, str]:
    found = {name: getattr(struct, name) for name in struct.__struct_fields__}
    return {name: _plain(value) for name, value in found.items() if isinstance(value, str)}


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def replace(row: Row, **changes: object) -> Row:
    """A copy of a row with some fields changed."""
    return msgspec.structs.replace(row, **changes)


def continued(row: Row) -> Row:
    """The row of a request that sends the same once more and goes on."""
    return replace(
        row,
        at=time.time(),
        new=[],
        new_before=0,
        new_after=0,
        old_before=row.before,
        old_after=row.after,
        overhead_ms=0.0,
    )
