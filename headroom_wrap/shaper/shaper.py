"""What a request gets so that the model answers with fewer tokens: a sentence, less effort."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from headroom_wrap.errors import StoreError
from headroom_wrap.shaper import arm as arms
from headroom_wrap.shaper import effort, place, talk
from headroom_wrap.shaper.arm import PLAIN, Arm, Names, Side
from headroom_wrap.shaper.sentence import SENTENCES
from headroom_wrap.shaper.talk import Kind, Talk
from headroom_wrap.store import Store
from headroom_wrap.types import Shaping, Turn
from headroom_wrap.wire import Reading
from headroom_wrap.wire.spans import Json
from headroom_wrap.wire.splice import put

_log = logging.getLogger(__name__)


class Memory:
    """What was said on one WebSocket: the provider holds it, later messages do not repeat it."""

    def __init__(self) -> None:
        self.arm = PLAIN
        self.conversation = ""
        self._warmed = False

    def heard(self, message: bytes) -> None:
        """Takes note of a client's message that only warms the provider up: the first of the
        conversation follows it, though it names a response before it."""
        if b'"generate"' in message:
            parsed = Json(message)
            self._warmed = parsed.value(parsed.members(parsed.whole).get("generate")) is False

    def begins(self) -> bool:
        """Whether the whole conversation is in a message that names a response before it."""
        warmed, self._warmed = self._warmed, False
        return warmed


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the client made it; `endpoint` is what refuses or takes the sentence."""

    host: str
    endpoint: str
    reading: Reading
    memory: Memory | None = None

    @property
    def wire(self) -> str:
        return self.reading.wire.NAME

    @property
    def body(self) -> bytes:
        return self.reading.body

    @property
    def turn(self) -> Turn:
        return self.reading.turn


@dataclass(frozen=True, slots=True)
class Shape:
    """What one request gets. `side` is "" for a conversation that nobody measures."""

    wire: str = ""
    side: str = ""
    kind: str = ""
    sentence: str = ""
    lower: bool = False
    opening: int = 0
    conversation: str = ""

    def shaped(self, body: bytes) -> tuple[bytes, str]:
        """The body with all of it, and the effort that was lowered ("" for none)."""
        if not self.sentence and not self.lower:
            return body, ""
        parsed = Json(body)
        lowered = effort.lowered(self.wire, parsed) if self.lower else None
        placed = place.edit(self.wire, parsed, self.sentence) if self.sentence else None
        edits = [edit for edit in (lowered and lowered.edit, placed) if edit]
        return put(body, edits), str(lowered) if lowered else ""

    @property
    def head(self) -> bytes:
        """What stands before every message of it, and not in the client's own body."""
        return self.sentence.encode()


NONE = Shape()


class Shaper:
    """Thread-safe."""

    def __init__(self, store: Store, shaping: Shaping, observe: bool = False) -> None:
        self._store = store
        self._shaping = shaping
        self._observe = observe
        self._refused: set[str] = set()

    def refused(self, endpoint: str) -> None:
        """From now on nothing is added to what goes there."""
        self._refused.add(endpoint)
        _log.error("%s refuses what is added for shorter answers: nothing is from now on", endpoint)

    def shape(self, asked: Asked) -> Shape:
        """What a request gets: what its conversation began with. Raises StoreError."""
        if self._observe or asked.endpoint in self._refused or not self._ever():
            return NONE
        memory, turn = asked.memory, asked.turn
        begins = memory is not None and memory.begins()
        if turn.continues and not begins:
            return self._continued(asked)
        so_far = talk.read(asked.body, turn)
        named = arms.names(asked.body, turn, so_far)
        arm = self._arm(asked, so_far, named)
        conversation = "" if turn.session else named.opening.hex()
        if memory is not None:
            memory.arm, memory.conversation = arm, conversation
        return self._made(asked, arm, SENTENCES.get(arm.sentence, ""), so_far.opening, conversation)

    def _ever(self) -> bool:
        """Whether there may be anything to do: a conversation keeps its sentence when no new one
        gets any."""
        return self._shaping.steer or self._store.get("meta", arms.EVER) is not None

    def _continued(self, asked: Asked) -> Shape:
        """A message that leans on what the provider holds: the sentence is there, or never."""
        memory, session = asked.memory, arms.session_name(asked.turn.session)
        arm, conversation = PLAIN, ""
        if memory is not None:
            arm, conversation = memory.arm, memory.conversation
        if arm == PLAIN and session:
            arm = arms.recall(self._store, [session]).get(session, PLAIN)
        return self._made(asked, arm, "", 0, conversation)

    def _made(
        self, asked: Asked, arm: Arm, sentence: str, opening: int, conversation: str
    ) -> Shape:
        if arm.side is Side.PLAIN:
            return NONE
        kind = talk.kind(asked.body, asked.turn)
        lower = (
            self._shaping.effort
            and arm.side is Side.STEERED
            and kind is Kind.RESULT
            and effort.free(asked.host, asked.body, self._shaping.effort_hosts)
        )
        return Shape(asked.wire, arm.side.value, kind.value, sentence, lower, opening, conversation)

    def _arm(self, asked: Asked, so_far: Talk, named: Names) -> Arm:
        stored = arms.recall(self._store, named.all)
        if so_far.turns:
            return self._followed(so_far, named, stored)
        return self._begun(asked, so_far, named, stored)

    def _begun(self, asked: Asked, so_far: Talk, named: Names, stored: dict[bytes, Arm]) -> Arm:
        """The arm of a conversation in which the model has not said anything yet."""
        if not self._shaping.steer or not so_far.tools or not _placeable(asked):
            if stored.get(named.opening, PLAIN) != PLAIN:
                # What goes on from this opening is now this conversation.
                self._keep(dict.fromkeys(filter(None, (named.opening, named.own_opening)), PLAIN))
            return PLAIN
        arm = stored.get(named.session) or arms.drawn(
            named.session or named.opening, self._shaping.holdout
        )
        kept = self._keep(dict.fromkeys(filter(None, named.all), arm))
        return arm if kept else PLAIN

    def _followed(self, so_far: Talk, named: Names, stored: dict[bytes, Arm]) -> Arm:
        """The arm of a conversation that goes on."""
        order = [named.answered, named.session]
        if so_far.turns == 1:
            # Whoever opened so last goes on; a model may even give the same first answer twice.
            order = [named.own_opening, named.opening, *order]
        arm = next((stored[name] for name in order if name in stored), PLAIN)
        if arm != PLAIN or self._shaping.steer or named.answered in stored:
            new = {named.answered: arm} if stored.get(named.answered) != arm else {}
            if named.session and named.session not in stored:
                new[named.session] = arm
            self._keep(new)
        return arm

    def _keep(self, new: dict[bytes, Arm]) -> bool:
        try:
            arms.keep(self._store, new)
        except StoreError as problem:
            _log.error("%s: no sentence is added", problem)
            return False
        return True


def _placeable(asked: Asked) -> bool:
    return place.edit(asked.wire, Json(asked.body), "?") is not None
