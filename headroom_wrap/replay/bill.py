"""What a provider would have billed: a prefix cache with a lifetime, and a price list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from headroom_wrap import prices
from headroom_wrap.prices import Price
from headroom_wrap.types import Usage

# In units of the price of an input token, for models that no list knows.
RELATIVE = Price(1.0, 0.1, 1.25, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class CacheModel:
    """How a provider caches prompts. `step` is the granularity in tokens, `least` the smallest
    prompt that is cached, `lifetime` in seconds since the last use; `writes` names the tariff."""

    name: str
    lifetime: float
    writes: str = ""
    step: int = 1
    least: int = 1024


MODELS = {
    model.name: model
    for model in (
        CacheModel("anthropic-5m", 300.0, "5m"),
        CacheModel("anthropic-1h", 3600.0, "1h"),
        CacheModel("openai", 600.0, step=128),
        CacheModel("gemini", 300.0, least=2048),
    )
}


@dataclass(slots=True)
class Bill:
    """The running bill of one conversation under one way to send it."""

    cache: CacheModel
    price: Price
    cost: float = 0.0
    units: float = 0.0
    """The cost in millions of input tokens, at the usual proportions of prices."""
    prompt: int = 0
    requests: int = 0
    _held: Sequence[bytes] = field(default_factory=list)
    _at: float = 0.0

    def add(self, names: Sequence[bytes], sizes: Sequence[int], output: int, at: float) -> Usage:
        """One exchange: names (hashes) and sizes (tokens) of the messages as they were sent."""
        total = sum(sizes)
        cached = 0
        if not (at and self._at and at - self._at > self.cache.lifetime):
            for name, held, size in zip(names, self._held, sizes, strict=False):
                if name != held:
                    break
                cached += size
        cached = cached // self.cache.step * self.cache.step if total >= self.cache.least else 0
        usage = _usage(self.cache, total, cached, output)
        self._held, self._at = (list(names) if total >= self.cache.least else []), at
        self.cost += prices.cost(usage, self.price)
        self.units += prices.cost(usage, RELATIVE)
        self.prompt += total
        self.requests += 1
        return usage


def _usage(cache: CacheModel, total: int, cached: int, output: int) -> Usage:
    new = total - cached
    if cache.writes == "5m" and total >= cache.least:
        return Usage(0, cached, new, 0, output)
    if cache.writes == "1h" and total >= cache.least:
        return Usage(0, cached, 0, new, output)
    return Usage(new, cached, 0, 0, output)


def price_of(model: str) -> tuple[Price, bool]:
    """The model's price, or relative units and False."""
    found = prices.find(model) if model else None
    return (found, True) if found else (RELATIVE, False)
