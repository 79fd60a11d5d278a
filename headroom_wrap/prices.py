"""What tokens cost: dollars per million, by model, from a dated list that users may override."""

from __future__ import annotations

import functools
import re
from collections import ChainMap
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import msgspec

from headroom_wrap.errors import ConfigError
from headroom_wrap.types import Usage

_LONG_CONTEXT = 200_000
# Names as clients write them: a provider before a slash, a release date or a [1m] behind.
_PROVIDER = re.compile(r"^(?:.*/|(?:[a-z-]+\.)?anthropic\.)")
_SUFFIX = re.compile(r"(?:\[1m\]|-v\d+:\d+|[-@]\d{8}|-\d{4}-\d\d-\d\d|-latest)$")


class Price(msgspec.Struct, frozen=True):
    """US dollars per million tokens. `above_200k` replaces it for longer prompts; `context` is
    the longest prompt in tokens, 0 where the list does not say."""

    input: float
    cache_read: float
    cache_write_5m: float
    cache_write_1h: float
    output: float
    above_200k: Price | None = None
    context: int = 0


class PriceList(msgspec.Struct, frozen=True):
    """The shipped list: where it is from and how old it is."""

    source: str
    date: str
    models: dict[str, Price]


class OwnPrices(msgspec.Struct, frozen=True):
    """What a user's file holds."""

    models: dict[str, Price]


# Made here: two threads that decode into the same new type at once crash msgspec.
_shipped = msgspec.json.Decoder(PriceList).decode
_own_prices = msgspec.json.Decoder(OwnPrices).decode


@functools.cache
def shipped() -> PriceList:
    """The list that ships with the package (`scripts/update-prices` rebuilds it)."""
    data = (resources.files("headroom_wrap") / "data/prices.json").read_bytes()
    return _shipped(data)


@functools.cache
def _own() -> dict[str, Price]:
    return {}


def extend(file: Path) -> None:
    """Takes a user's own prices in, over the shipped ones: `{"models": {"NAME": {"input": 3, …}}}`
    in dollars per million tokens, as in the shipped list. Raises ConfigError."""
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as problem:
        raise ConfigError(f"cannot read {file}: {problem.strerror}") from problem
    try:
        _own().update(_own_prices(content).models)
    except msgspec.MsgspecError as problem:
        raise ConfigError(
            f"{file}: {problem}", "see `models` in the shipped prices.json"
        ) from problem


def find(model: str, overrides: Mapping[str, Price] | None = None) -> Price | None:
    """The price of a model, or None when no list knows it: then nothing is priced."""
    models = ChainMap(dict(overrides or {}), _own(), shipped().models)
    name = _PROVIDER.sub("", model.strip())
    while name not in models:
        shorter = _SUFFIX.sub("", name)
        if shorter == name:
            return None
        name = shorter
    return models[name]


def cost(usage: Usage, price: Price) -> float:
    """US dollars for one exchange as billed."""
    price = _for_size(usage, price)
    return (
        usage.input * price.input
        + usage.cache_read * price.cache_read
        + usage.cache_write_5m * price.cache_write_5m
        + usage.cache_write_1h * price.cache_write_1h
        + usage.output * price.output
    ) / 1e6


def saving(usage: Usage, price: Price, new: float, old: float) -> float:
    """US dollars that `new` and `old` left-out tokens would have cost in this exchange.

    New text would have been written to the cache (or read uncached, where nothing was written);
    text left out earlier would have been read from the cache, if anything was.
    """
    price = _for_size(usage, price)
    if usage.cache_write_1h:
        first = price.cache_write_1h
    elif usage.cache_write_5m:
        first = price.cache_write_5m
    else:
        first = price.input
    later = price.cache_read if usage.cache_read else first
    return (new * first + old * later) / 1e6


def _for_size(usage: Usage, price: Price) -> Price:
    prompt = usage.input + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h
    return price.above_200k if price.above_200k and prompt > _LONG_CONTEXT else price
