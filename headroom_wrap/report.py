"""What the ledger adds up to: totals by any column, in tokens and in money as billed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from headroom_wrap import prices
from headroom_wrap.ledger import Row
from headroom_wrap.prices import Price
from headroom_wrap.types import Usage

Key = Callable[[Row], str]

COLUMNS: dict[str, Key] = {
    "day": lambda row: time.strftime("%Y-%m-%d", time.localtime(row.at)),
    "agent": lambda row: row.agent or "?",
    "project": lambda row: row.project or "?",
    "model": lambda row: row.model or "?",
    "session": lambda row: row.session or "?",
    "wire": lambda row: row.wire,
}


@dataclass(slots=True)
class Total:
    """Sums over exchanges. Tokens of results are o200k; input and output are the provider's.

    `billed` and `saved` are US dollars over the exchanges whose model has a known price
    (`priced` of them); `saved` is what the left-out tokens would have cost on top.
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

    @property
    def tokens_saved(self) -> int:
        return self.before - self.after

    @property
    def saved_fraction(self) -> float:
        """Of the prompt tokens that would have been sent, the part that was not."""
        whole = self.input + self.tokens_saved if self.input else self.before
        return self.tokens_saved / whole if whole else 0.0

    def add(self, row: Row, overrides: Mapping[str, Price] | None = None) -> None:
        """Counts one exchange in; what the provider refused saved nothing."""
        self.requests += 1
        self.broken += row.broken
        self.results += len(row.new)
        self.shortened += sum(shown.after < shown.before for shown in row.new)
        self.first_before += row.new_before
        self.first_after += row.new_after
        if row.status >= 400:
            return
        self.before += row.before
        self.after += row.after
        if row.usage is not None:
            self._bill(row, row.usage, overrides)

    def _bill(self, row: Row, usage: Usage, overrides: Mapping[str, Price] | None) -> None:
        prompt = usage.input + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h
        self.input += prompt
        self.cache_read += usage.cache_read
        self.output += usage.output
        price = prices.find(row.model, overrides)
        if price is None:
            return
        self.priced += 1
        self.billed += prices.cost(usage, price)
        new = row.new_before - row.new_after
        self.saved += prices.saving(usage, price, new, row.saved - new)


def total(rows: Iterable[Row]) -> Total:
    """Everything in one sum."""
    result = Total()
    for row in rows:
        result.add(row)
    return result


def by(key: Key, rows: Iterable[Row]) -> dict[str, Total]:
    """A sum per value of a column, in order of first appearance."""
    groups: dict[str, Total] = {}
    for row in rows:
        groups.setdefault(key(row), Total()).add(row)
    return groups


def exit_line(sums: Total, *, observed: bool = False, where: str = "") -> str:
    """The line that `wrap` prints when the agent is done."""
    if not sums.requests:
        return "headroom: no request to a model went through"
    would = "would save" if observed else "saved"
    parts = [
        f"{sums.requests} requests",
        f"tool results {sums.before:,} → {sums.after:,} tokens",
        f"{would} {sums.tokens_saved:,} ({100 * sums.saved_fraction:.1f} % of all input)",
    ]
    if sums.priced:
        parts.append(f"about ${sums.saved:.4f} of ${sums.billed + sums.saved:.4f}")
    if sums.broken:
        parts.append(f"{sums.broken} CACHE PREFIX BREAKS, see `headroom perf`")
    if where and sums.shortened:
        parts.append(f"originals: {where}")
    return "headroom: " + " · ".join(parts)
