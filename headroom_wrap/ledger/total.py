"""What exchanges add up to, in tokens and in money as billed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from headroom_wrap import prices
from headroom_wrap.ledger.row import Row, Shown
from headroom_wrap.prices import Price
from headroom_wrap.types import Usage

# Reasons (policy) of results that the agent fetched again because a fold left too much out.
_AGAIN = frozenset({"kept: an original read back", "kept: asked for again"})


@dataclass(slots=True)
class Total:
    """Sums over exchanges. Tokens of results are o200k; input and output are the provider's.

    `billed`, `saved` and `lost` are US dollars at list prices over the exchanges whose model has
    a known price (`priced` of them). `saved` is what the left-out tokens would have cost on top.
    `lost` is what we cost: results that had to be fetched again (`again` of them, in full), and
    prompts that were cached anew after a break. Both are estimates; `billed` is none.
    """

    requests: int = 0
    results: int = 0
    shortened: int = 0
    before: int = 0
    after: int = 0
    first_before: int = 0
    first_after: int = 0
    input: int = 0
    cache_read: int = 0
    output: int = 0
    priced: int = 0
    billed: float = 0.0
    saved: float = 0.0
    broken: int = 0
    refused: int = 0
    again: int = 0
    cold: int = 0
    lost: float = 0.0
    overhead_ms: float = 0.0

    @property
    def tokens_saved(self) -> int:
        return self.before - self.after

    @property
    def saved_fraction(self) -> float:
        """Of the prompt tokens that would have been sent, the part that was not."""
        whole = self.input + self.tokens_saved if self.input else self.before
        return self.tokens_saved / whole if whole else 0.0

    @property
    def cache_rate(self) -> float:
        """Of the prompt tokens, the part that the provider read from its cache."""
        return self.cache_read / self.input if self.input else 0.0

    @property
    def without(self) -> float:
        """What it would have cost without us."""
        return self.billed + self.net

    @property
    def net(self) -> float:
        """What was saved, less what we cost."""
        return self.saved - self.lost

    def add(self, row: Row, overrides: Mapping[str, Price] | None = None) -> None:
        """Counts one exchange in; what the provider refused saved nothing."""
        self.requests += 1
        self.broken += row.broken
        self.cold += row.cold
        self.overhead_ms += row.overhead_ms
        self.results += len(row.new)
        self.shortened += sum(shown.after < shown.before for shown in row.new)
        self.again += sum(shown.reason in _AGAIN for shown in row.new)
        self.first_before += row.new_before
        self.first_after += row.new_after
        if row.status >= 400:
            self.refused += 1
            return
        self.before += row.before
        self.after += row.after
        if row.usage is not None:
            self._bill(row, row.usage, overrides)

    def merge(self, other: Total) -> None:
        """Counts another sum in."""
        for name in FIELDS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def _bill(self, row: Row, usage: Usage, overrides: Mapping[str, Price] | None) -> None:
        self.input += row.prompt
        self.cache_read += usage.cache_read
        self.output += usage.output
        price = prices.find(row.model, overrides)
        if price is None:
            return
        self.priced += 1
        self.billed += prices.cost(usage, price)
        new = row.new_before - row.new_after
        old = row.saved - new
        self.saved += prices.saving(usage, price, row.factor * new, row.factor * old)
        self.lost += _lost(row, usage, price)


def _lost(row: Row, usage: Usage, price: Price) -> float:
    again = sum(shown.after for shown in row.new if shown.reason in _AGAIN)
    lost = prices.saving(usage, price, row.factor * again, 0)
    if row.broken:
        # What was written again would else have been read from the cache.
        rewritten = max(row.prompt - usage.cache_read - row.new_after, 0)
        lost += prices.saving(usage, price, rewritten, 0) - rewritten * price.cache_read / 1e6
    return max(lost, 0.0)


FIELDS = tuple(field.name for field in fields(Total))
_FRACTIONS = frozenset({"billed", "saved", "lost", "overhead_ms"})


def counts(total: Total) -> tuple[float, ...]:
    """The numbers of a sum, as the store keeps them."""
    return tuple(getattr(total, name) for name in FIELDS)


def counted(numbers: Sequence[float]) -> Total:
    """The sum that numbers in the store stand for; an empty one where they are of another kind."""
    result = Total()
    if len(numbers) == len(FIELDS):
        for name, number in zip(FIELDS, numbers, strict=True):
            setattr(result, name, number if name in _FRACTIONS else int(number))
    return result


def of_row(row: Row) -> Total:
    """One exchange as a sum."""
    result = Total()
    result.add(row)
    return result


def of_result(shown: Shown) -> Total:
    """One result, when it was first seen, as a sum."""
    return Total(
        results=1,
        shortened=int(shown.after < shown.before),
        again=int(shown.reason in _AGAIN),
        first_before=shown.before,
        first_after=shown.after,
    )


def total(rows: Iterable[Row]) -> Total:
    """Everything in one sum."""
    result = Total()
    for row in rows:
        result.add(row)
    return result
