"""The values that cross module borders: level, origin, block, turn, ask, squeezed."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Level(str, enum.Enum):
    """How far shortening may go; each level does all that the one before does."""

    EXACT = "exact"
    SAFE = "safe"
    LEAN = "lean"

    @property
    def folds(self) -> bool:
        """Whether lines of machine output may be left out (counted, in place, retrievable)."""
        return self is not Level.EXACT


@dataclass(frozen=True, slots=True)
class Shaping:
    """What may be done so that models answer with fewer tokens; by default nothing.

    `steer` adds one sentence to a conversation, from its first request on. `effort` also lowers a
    stated reasoning effort in turns that only continue after tool results, at hosts whose prompt
    cache does not depend on it and at `effort_hosts`. A fraction `holdout` (0 ≤ holdout < 1) of the
    conversations is left unchanged as a control group.
    """

    steer: bool = False
    effort: bool = False
    holdout: float = 0.0
    effort_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Which tool call produced a text; unknown parts are empty.

    `command` is the shell command line as the model wrote it, `path` the file a read tool names.
    """

    tool: str = ""
    command: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One tool result in a request body.

    `span` holds the byte offsets [start, end) of the part of a JSON string literal, without its
    quotes, that carries `text`; with `quoted` that literal stands in a JSON text that is itself
    a JSON string. `query` is what the reader was after when the result arrived: the latest user
    text and assistant text *before* the block, so that it reads the same in every later request.
    """

    span: tuple[int, int]
    text: str
    origin: Origin
    call_id: str
    error: bool = False
    query: str = ""
    quoted: bool = False

    def __hash__(self) -> int:
        # Unique within a body; the fields together would hash the whole text at every lookup.
        return hash(self.span)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a wire read out of one request body."""

    model: str
    blocks: tuple[Block, ...]
    streamed: bool = False
    messages: tuple[tuple[int, int], ...] = ()
    """Byte spans of the messages or items, in order: what the provider's prefix cache sees."""
    session: str = ""
    """The client's own name for the conversation, where the body carries one."""
    forgets: bool = False
    """Whether the provider may drop earlier results by itself (context editing, truncation)."""
    tools: bool = False
    """Whether the model is offered tools of the client's."""
    continues: bool = False
    """Whether the provider keeps the conversation so far, and `messages` holds only what is new."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one exchange as the provider billed them."""

    input: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """What a compressor is asked for: how far to go, and the request whose words must stay.

    `budget` is a target in tokens, which only level `lean` honours; None for no target.
    """

    level: Level = Level.SAFE
    query: str = ""
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A shorter text and what was done to get it.

    `exact`: the compressor's `expand(text)` gives the original back. Otherwise `gaps` holds the
    line ranges [start, end) of the original that are not shown, each counted in place in `text`.
    """

    text: str
    compressor: str
    exact: bool
    gaps: tuple[tuple[int, int], ...] = field(default=())

    @property
    def omitted(self) -> int:
        """Lines of the original that are not shown."""
        return sum(end - start for start, end in self.gaps)
