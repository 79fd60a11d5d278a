"""The exchanges of the comparison, out of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from headroom_wrap import prices, tokens
from headroom_wrap.ledger import Row
from headroom_wrap.report.output import effect
from headroom_wrap.report.output.effect import Effect, Sample
from headroom_wrap.shaper.sentence import LATEST, SENTENCES
from headroom_wrap.types import Usage

STEERED, HELD_OUT = "steered", "held out"
Stratum = tuple[str, str, str]
"""Model, agent, kind of turn."""


@dataclass(slots=True)
class Cell:
    """One side of one stratum, by conversation: turns, output tokens, and their price."""

    turns: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    usd: dict[str, float] = field(default_factory=dict)

    def add(self, conversation: str, output: int, usd: float) -> None:
        self.turns[conversation] = self.turns.get(conversation, 0) + 1
        self.tokens[conversation] = self.tokens.get(conversation, 0) + output
        self.usd[conversation] = self.usd.get(conversation, 0.0) + usd

    @property
    def mean(self) -> float:
        """Output tokens per turn."""
        turns = sum(self.turns.values())
        return sum(self.tokens.values()) / turns if turns else 0.0


@dataclass(slots=True)
class Comparison:
    """All that was seen of both sides; money counts only for models with a known price."""

    cells: dict[tuple[Stratum, str], Cell] = field(default_factory=dict)
    lowered: int = 0
    sentence_usd: float = 0.0
    """What the sentence itself cost as input."""
    unpriced: set[str] = field(default_factory=set)
    """Models without a price."""

    def side(self, name: str) -> list[Cell]:
        return [cell for (_, side), cell in self.cells.items() if side == name]

    @property
    def strata(self) -> list[Stratum]:
        return sorted({stratum for stratum, _ in self.cells})

    def cell(self, stratum: Stratum, side: str) -> Cell:
        return self.cells.get((stratum, side), Cell())

    def conversations(self, side: str) -> int:
        return len({name for cell in self.side(side) for name in cell.turns})

    def turns(self, side: str) -> int:
        return sum(sum(cell.turns.values()) for cell in self.side(side))

    def output(self, side: str) -> int:
        return sum(sum(cell.tokens.values()) for cell in self.side(side))


@dataclass(frozen=True, slots=True)
class Found:
    """What the comparison says; each None as long as that cannot be told."""

    tokens: Effect | None
    usd: Effect | None
    steps: Effect | None
    """Turns per conversation: shorter answers that need more of them would save nothing."""
    measured: frozenset[str]


def compared(rows: Iterable[Row]) -> Comparison:
    """The exchanges that were steered or held out, and answered."""
    found = Comparison()
    length = tokens.count(SENTENCES[LATEST])
    for row in rows:
        usage = row.usage
        if row.side not in (STEERED, HELD_OUT) or usage is None or not 0 < row.status < 400:
            continue
        price = prices.find(row.model)
        usd = 0.0
        if price is None:
            found.unpriced.add(row.model)
        else:
            bare = Usage(usage.input, usage.cache_read, usage.cache_write_5m, usage.cache_write_1h)
            usd = prices.cost(usage, price) - prices.cost(bare, price)
            if row.side == STEERED:
                found.sentence_usd += prices.saving(usage, price, 0, row.factor * length)
        stratum = (row.model, row.agent, row.kind)
        cell = found.cells.setdefault((stratum, row.side), Cell())
        cell.add(row.conversation, usage.output, usd)
        found.lowered += bool(row.effort)
    return found


def found(comparison: Comparison) -> Found:
    """What the comparison says."""
    said = list(_samples(comparison))
    usd = effect.effect(_samples(comparison, priced=True))
    return Found(effect.effect(said), usd, effect.effect(_steps(said)), effect.measured(said))


def label(stratum: Stratum) -> str:
    """A stratum's name among the samples."""
    return "\0".join(stratum)


def _samples(comparison: Comparison, priced: bool = False) -> Iterator[Sample]:
    for (stratum, side), cell in comparison.cells.items():
        if priced and stratum[0] in comparison.unpriced:
            continue
        sums = cell.usd if priced else cell.tokens
        for name, turns in cell.turns.items():
            yield Sample(name, label(stratum), side == STEERED, turns, sums[name])


def _steps(samples: Iterable[Sample]) -> Iterator[Sample]:
    """How many turns each conversation had, by model and agent."""
    whole: dict[tuple[str, str, bool], int] = {}
    for sample in samples:
        where = sample.stratum.rpartition("\0")[0]
        key = sample.conversation, where, sample.steered
        whole[key] = whole.get(key, 0) + sample.turns
    for (name, where, steered), turns in whole.items():
        yield Sample(name, where, steered, 1, turns)
