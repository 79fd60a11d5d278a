"""Which conversations get the sentence: decided once, kept in the store, followed for ever.

A conversation is known by the client's own name for it, by how it opens, and by its opening with
the model's first answer, which no other conversation has. Losing the sentence, or getting one
late, would not only end what is cached: newer models tie their reasoning to all that came before.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass

from headroom_wrap.shaper import talk
from headroom_wrap.shaper.sentence import LATEST
from headroom_wrap.shaper.talk import Talk
from headroom_wrap.store import Batch, Store
from headroom_wrap.types import Turn

# There once some conversation has an arm that is not plain.
EVER = b"shape"
_TABLE = "meta"


class Side(str, enum.Enum):
    """What happens to a conversation; those held out are compared with."""

    PLAIN = ""
    STEERED = "steered"
    HELD_OUT = "held out"


@dataclass(frozen=True, slots=True)
class Arm:
    """A side, and the number of the sentence."""

    side: Side
    sentence: int = 0


PLAIN = Arm(Side.PLAIN)
_HELD = b"h"


@dataclass(frozen=True, slots=True)
class Names:
    """Where the store keeps the arm of a conversation; b"" for a name that it has not (yet)."""

    session: bytes
    opening: bytes
    own_opening: bytes
    answered: bytes

    @property
    def all(self) -> list[bytes]:
        each = (self.session, self.opening, self.own_opening, self.answered)
        return [name for name in each if name]


def names(body: bytes, turn: Turn, so_far: Talk) -> Names:
    """The names of a conversation. Side questions that open alike offer no tools: these differ."""
    first, offers = so_far.opening, str(so_far.tools)
    answered = talk.name(body, turn, first + 1) if so_far.turns else b""
    own = talk.name(body, turn, first, offers, turn.session) if turn.session else b""
    return Names(
        session_name(turn.session),
        b"shape/" + talk.name(body, turn, first, offers),
        own and b"shape/" + own,
        answered and b"shape/" + answered,
    )


def session_name(session: str) -> bytes:
    """The name of the conversations that a client gives one name."""
    if not session:
        return b""
    return b"shape/s/" + _digest(session)


def drawn(unit: bytes, holdout: float) -> Arm:
    """The arm of a conversation that begins; the same for the same name, wherever."""
    number = int.from_bytes(hashlib.blake2b(unit, digest_size=8, person=b"holdout").digest(), "big")
    held = number < holdout * 2**64
    return Arm(Side.HELD_OUT) if held else Arm(Side.STEERED, LATEST)


def recall(store: Store, keys: list[bytes]) -> dict[bytes, Arm]:
    """The arms that stand, by name. Raises StoreError."""
    return {key: _decode(row) for key, row in store.get_many(_TABLE, keys).items()}


def keep(store: Store, arms: dict[bytes, Arm]) -> None:
    """Makes arms durable. Raises StoreError."""
    batch = Batch()
    for key, arm in arms.items():
        batch.put(_TABLE, key, _encode(arm))
    if any(arm is not PLAIN for arm in arms.values()):
        batch.put(_TABLE, EVER, b"1")
    if arms:
        store.write(batch)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _encode(arm: Arm) -> bytes:
    if arm.side is Side.HELD_OUT:
        return _HELD
    return str(arm.sentence).encode()


def _decode(row: bytes) -> Arm:
    if row == _HELD:
        return Arm(Side.HELD_OUT)
    # A later version's sentence that this one does not know cannot be repeated either.
    number = int(row) if row.isdigit() else 0
    return Arm(Side.STEERED, number) if number else PLAIN
